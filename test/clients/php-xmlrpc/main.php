<?php
// PHP's xmlrpc extension, which writes requests and reads replies; HTTP is a stream of PHP. See ../README.md.

$scenario = json_decode($argv[1], true);

function native(array $tagged): mixed
{
    [$kind, $value] = $tagged;
    switch ($kind) {
        case 'bool': return $value === 'true';
        case 'int': return (int) $value;
        case 'any': return native($value);
        case 'number': return (float) $value;
        case 'list': return array_map('native', $value);
        case 'record':
        case 'map': return array_combine(array_column($value, 0), array_map('native', array_column($value, 1)));
        case 'time':
            $time = substr(str_replace('-', '', $value), 0, 17);
            xmlrpc_set_type($time, 'datetime');
            return $time;
        case 'bytes':
            $bytes = base64_decode($value);
            xmlrpc_set_type($bytes, 'base64');
            return $bytes;
    }
    return $value;
}

function shown(mixed $value): array
{
    if (is_array($value)) {
        if (array_is_list($value) && $value !== []) return ['list', array_map('shown', $value)];
        return ['struct', array_map(fn ($name) => [(string) $name, shown($value[$name])], array_keys($value))];
    }
    // Times and bytes come as objects that say what they are.
    if (is_object($value)) {
        return $value->xmlrpc_type === 'datetime' ? ['time', $value->scalar] : ['bytes', base64_encode($value->scalar)];
    }
    return match (gettype($value)) {
        'boolean' => ['bool', $value ? 'true' : 'false'],
        'integer' => ['int', (string) $value],
        'double' => ['number', json_encode($value)],
        'NULL' => ['nil', ''],
        'string' => ['string', $value],
    };
}

function answer(array $call): array
{
    global $scenario;
    $options = ['escaping' => 'markup', 'encoding' => 'utf-8'];
    $http = [
        'method' => 'POST',
        'header' => "Content-Type: text/xml\r\nAuthorization: Basic " . base64_encode("$scenario[user]:$scenario[password]"),
        'content' => xmlrpc_encode_request($call['method'], array_map('native', $call['args']), $options),
    ];
    $reply = @file_get_contents($scenario['endpoint'], false, stream_context_create(['http' => $http]));
    if ($reply === false) return ['failed' => error_get_last()['message']];
    $value = xmlrpc_decode($reply, 'utf-8');
    if (is_array($value) && xmlrpc_is_fault($value)) {
        return ['fault' => ['code' => (string) $value['faultCode'], 'message' => $value['faultString']]];
    }
    return ['result' => shown($value)];
}

echo json_encode(['version' => phpversion('xmlrpc')]), "\n";
while (($line = fgets(STDIN)) !== false) {
    echo json_encode(answer(json_decode($line, true)), JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
