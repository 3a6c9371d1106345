<?php
// PHP's SoapClient leads a machine through its life in every connector at once.
[, $url, $prefix] = $argv;
$connectors = array_slice($argv, 3);
$at = parse_url($url);
$options = [
    'login' => $at['user'],
    'password' => $at['pass'],
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
];
$api = new SoapClient("http://$at[host]:$at[port]/soap?wsdl", $options);

// The call is made in every connector before the end of any is waited for.
function everywhere(string $method, callable $params): void
{
    global $api, $prefix, $connectors;
    $begun = array_map(fn ($of) => $api->$method($params("$prefix-$of", $of))->return->id, $connectors);
    $ended = fn ($id) => $api->operationWait(['operation' => $id, 'wait' => 60])->return->state;
    echo implode(' ', array_map($ended, $begun)), "\n";
}

$cursor = $api->eventPoll()->return->next;
$labels = ['item' => [['key' => 'by', 'value' => $prefix]]];
everywhere('vmCreate', fn ($name, $of) => ['name' => $name, 'connector' => $of, 'memoryMiB' => 64, 'labels' => $labels]);
everywhere('vmStart', fn ($name) => ['vm' => $name]);
foreach ($connectors as $of) {
    try {
        $api->vmStart(['vm' => "$prefix-$of"]);
    } catch (SoapFault $fault) {
        echo current((array) $fault->detail)->code, " $fault->faultstring\n";
    }
}
foreach ($connectors as $of) {
    $vm = $api->vmGet(['vm' => "$prefix-$of"])->return;
    echo "$vm->state $vm->memoryMiB {$vm->labels->item[0]->value}\n";
}
everywhere('vmPowerOff', fn ($name) => ['vm' => $name]);
foreach ($connectors as $of) {
    $items = $api->vmList(['connector' => $of, 'refresh' => true])->return->items->item;
    $own = array_filter($items, fn ($one) => str_starts_with($one->name, $prefix));
    echo implode(' ', array_map(fn ($one) => $one->state, $own)), "\n";
}
everywhere('vmDelete', fn ($name) => ['vm' => $name]);
$poll = ['after' => $cursor, 'limit' => 1000, 'types' => ['item' => ['vm.deleted']]];
$names = array_map(fn ($one) => $one->data->item, $api->eventPoll($poll)->return->events->item);
echo count(array_filter($names, fn ($data) => str_contains(json_encode($data), "\"$prefix-"))), "\n";
