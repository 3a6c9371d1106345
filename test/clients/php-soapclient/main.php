<?php
// PHP's SoapClient, with a WSDL or without; see ../README.md.

$scenario = json_decode($argv[1], true);
// Its own default would round.
ini_set('precision', '17');
// Keys of maps are written as they are, with a warning where that is no XML.
error_reporting(E_ALL & ~E_WARNING);
$literal = in_array($scenario['mode'], ['document', 'rpc']);
$options = [
    'soap_version' => $scenario['soap'] === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'login' => $scenario['user'],
    'password' => $scenario['password'],
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
];
$client = $scenario['mode'] === 'none'
    ? new SoapClient(null, ['location' => $scenario['endpoint'], 'uri' => 'urn:annelid:1'] + $options)
    : new SoapClient($scenario['wsdl'], $options);

// Without a WSDL it has only its own types to go by.
function typed(mixed $value, int $type): mixed
{
    global $scenario;
    return $scenario['mode'] === 'none' ? new SoapVar($value, $type) : $value;
}

function members(array $members): array
{
    return array_combine(array_column($members, 0), array_map('native', array_column($members, 1)));
}

function native(array $tagged): mixed
{
    global $literal;
    static $types = ['bool' => XSD_BOOLEAN, 'int' => XSD_INT, 'number' => XSD_DOUBLE, 'string' => XSD_STRING];
    [$kind, $value] = $tagged;
    switch ($kind) {
        case 'bool': return $value === 'true';
        case 'counter':
        case 'int': return (int) $value;
        // Where the WSDL declares no type, the value must bring one.
        case 'any': return isset($types[$value[0]]) ? new SoapVar(native($value), $types[$value[0]]) : native($value);
        case 'number': return (float) $value;
        case 'time': return typed($value, XSD_DATETIME);
        case 'bytes': return typed(base64_decode($value), XSD_BASE64BINARY);
        case 'nil': return null;
        case 'record': return (object) members($value);
        // In literal messages lists and maps are elements of their own.
        case 'list':
            $items = array_map('native', $value);
            return $literal ? ['item' => $items] : $items;
        case 'map':
            $map = members($value);
            if (!$literal) return $map;
            return ['item' => array_map(fn ($key) => ['key' => $key, 'value' => $map[$key]], array_keys($map))];
    }
    return $value;
}

function shown(mixed $value): array
{
    if (is_array($value) && array_is_list($value)) return ['list', array_map('shown', $value)];
    if (is_array($value) || is_object($value)) {
        $members = (array) $value;
        return ['struct', array_map(fn ($name) => [(string) $name, shown($members[$name])], array_keys($members))];
    }
    return match (gettype($value)) {
        'boolean' => ['bool', $value ? 'true' : 'false'],
        'integer' => ['int', (string) $value],
        'double' => ['number', json_encode($value)],
        'NULL' => ['nil', ''],
        // Its strings are bytes.
        'string' => preg_match('//u', $value) ? ['string', $value] : ['octets', base64_encode($value)],
    };
}

function answer(array $call): array
{
    global $client, $scenario;
    $args = [];
    foreach ($call['args'] as [$name, $value]) {
        if ($scenario['mode'] !== 'none') $args[$name] = native($value);
        elseif ($value[0] !== 'nil') $args[] = new SoapParam(native($value), $name);
    }
    while ($args !== [] && end($args) === null) array_pop($args);
    $document = $scenario['mode'] === 'document';
    if ($document) $args = [array_filter($args, fn ($value) => $value !== null)];
    try {
        $result = $client->__soapCall($call['method'], array_values($args));
        return ['result' => shown($document ? $result->return : $result)];
    } catch (SoapFault $fault) {
        $detail = $fault->detail->ApiFault ?? null;
        if ($detail === null) return ['failed' => $fault->getMessage()];
        return ['fault' => ['code' => (string) $detail->code, 'kind' => $detail->kind, 'message' => $fault->getMessage()]];
    }
}

echo json_encode(['version' => phpversion('soap')]), "\n";
while (($line = fgets(STDIN)) !== false) echo json_encode(answer(json_decode($line, true))), "\n";
