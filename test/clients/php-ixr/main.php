<?php
// IXR, with which WordPress calls; see ../README.md.

[, $folder, $given] = $argv;
$scenario = json_decode($given, true);

// What it takes from WordPress: nobody changes its settings.
function apply_filters(string $name, mixed $value): mixed
{
    return $value;
}

foreach (['client', 'request', 'value', 'date', 'base64', 'message', 'error'] as $class) {
    require "$folder/IXR/class-IXR-$class.php";
}
require "$folder/version.php";
$client = new IXR_Client($scenario['endpoint']);
$client->headers['Authorization'] = 'Basic ' . base64_encode("$scenario[user]:$scenario[password]");

function native(array $tagged): mixed
{
    [$kind, $value] = $tagged;
    return match ($kind) {
        'bool' => $value === 'true',
        'int' => (int) $value,
        'number' => (float) $value,
        'any' => native($value),
        'list' => array_map('native', $value),
        'record', 'map' => array_combine(array_column($value, 0), array_map('native', array_column($value, 1))),
        'time' => new IXR_Date(strtotime($value)),
        'bytes' => new IXR_Base64(base64_decode($value)),
        default => $value,
    };
}

function shown(mixed $value): array
{
    if ($value instanceof IXR_Date) return ['time', $value->getIso()];
    if (is_array($value)) {
        if (array_is_list($value) && $value !== []) return ['list', array_map('shown', $value)];
        return ['struct', array_map(fn ($name) => [(string) $name, shown($value[$name])], array_keys($value))];
    }
    return match (gettype($value)) {
        'boolean' => ['bool', $value ? 'true' : 'false'],
        'integer' => ['int', (string) $value],
        'double' => ['number', json_encode($value)],
        'NULL' => ['nil', ''],
        // Bytes and text have one class: bytes are those that are no UTF-8.
        'string' => preg_match('//u', $value) ? ['string', $value] : ['octets', base64_encode($value)],
    };
}

function answer(array $call): array
{
    global $client;
    $client->error = false;
    if ($client->query($call['method'], ...array_map('native', $call['args']))) {
        return ['result' => shown($client->getResponse())];
    }
    [$code, $message] = [$client->getErrorCode(), htmlspecialchars_decode($client->getErrorMessage())];
    if ($client->message === false || $client->message->messageType !== 'fault') return ['failed' => $message];
    return ['fault' => ['code' => (string) $code, 'message' => $message]];
}

echo json_encode(['version' => $wp_version]), "\n";
while (($line = fgets(STDIN)) !== false) echo json_encode(answer(json_decode($line, true))), "\n";
