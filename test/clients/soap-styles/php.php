<?php
// PHP's SoapClient without a WSDL, or with one of rpc; see ../README.md.

$scenario = json_decode($argv[1], true);
$mode = $scenario['mode'];
$options = ['cache_wsdl' => WSDL_CACHE_NONE, 'soap_version' => $scenario['soap'] === '1.2' ? SOAP_1_2 : SOAP_1_1];
$client = $mode === 'none'
    ? new SoapClient(null, ['location' => $scenario['endpoint'], 'uri' => 'urn:annelid:1'] + $options)
    : new SoapClient($scenario['wsdl'], $options);

// In literal messages lists and maps are elements of their own.
$items = fn (array $items) => $mode === 'rpc' ? ['item' => $items] : $items;
$map = fn (array $map) => $mode === 'rpc'
    ? ['item' => array_map(fn ($key) => ['key' => $key, 'value' => $map[$key]], array_keys($map))]
    : $map;
$itemsOf = fn ($list) => $mode === 'rpc' ? (is_array($list->item) ? $list->item : [$list->item]) : $list;

$disk = (object) ['sizeMiB' => 5];
$created = ['name' => 'n', 'disks' => $items([$disk, $disk]), 'networks' => $items(['x', 'y']), 'labels' => $map(['a' => 'b'])];
if ($mode === 'none') {
    $created = array_map(fn ($name) => new SoapParam($created[$name], $name), array_keys($created));
    $polled = [new SoapParam('9007199254740993', 'after'), new SoapParam(['vm.created'], 'types')];
} else {
    $names = ['name', 'connector', 'vcpus', 'memoryMiB', 'image', 'kernel', 'initrd', 'commandLine', 'disks', 'networks', 'labels', 'start', 'account', 'key', 'wait'];
    $created = array_map(fn ($name) => $created[$name] ?? null, $names);
    $polled = ['9007199254740993', null, null, $items(['vm.created'])];
}

$machine = $client->vmGet('web1');
$labels = $mode === 'rpc' ? array_column([$machine->labels->item], 'value', 'key') : $machine->labels;
try {
    $client->vmGet('web9');
} catch (SoapFault $fault) {
    $kind = $fault->detail->ApiFault->kind;
}
echo json_encode([
    'version' => $client->systemVersion()->name,
    'machine' => $machine->name,
    'label' => $labels['tier'],
    'disk' => $itemsOf($machine->disks)[0]->sizeMiB,
    'created' => $client->__soapCall('vmCreate', $created)->method,
    'events' => count($itemsOf($client->__soapCall('eventPoll', $polled)->events)),
    'text' => $client->vmConsoleOutput('web1', 0)->data,
    'fault' => $kind,
]);
