<?php
// A machine's life through PHP's SoapClient, from the WSDL that the daemon serves; see ../README.md.

const WAIT = 60;
$scenario = json_decode($argv[1], true);
ini_set('default_socket_timeout', 2 * WAIT);

$client = new SoapClient($scenario['wsdl'], [
    'soap_version' => $scenario['soap'] === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'login' => $scenario['user'],
    'password' => $scenario['password'],
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);

function step(string $name, array $seen): void
{
    echo json_encode(['step' => $name] + $seen), "\n";
    if (fgets(STDIN) === false) exit(1);
}

function map_to_items(array $map): array
{
    return ['item' => array_map(fn ($key) => ['key' => $key, 'value' => $map[$key]], array_keys($map))];
}

function items_to_map(object $items): array
{
    return array_column($items->item ?? [], 'value', 'key');
}

// Reads on from where it stopped.
$offset = 0;
function next_boot(string $vm): array
{
    global $client, $scenario, $offset;
    $text = '';
    while (true) {
        $piece = $client->vmConsoleOutput(['vm' => $vm, 'offset' => $offset])->return;
        $offset = $piece->end;
        $text .= $piece->data;
        if (preg_match("/{$scenario['bootMarker']}/", $text, $found)) {
            return ['boot' => $found[1], 'bytes' => gettype($piece->data)];
        }
        if ($piece->data === '') usleep(50_000);
    }
}

preg_match_all('/^\w+ (\w+)\(/m', implode("\n", $client->__getFunctions()), $functions);
step('methods', ['methods' => $functions[1]]);
step('whoami', (array) $client->sessionWhoami()->return);

$cursor = $client->eventPoll()->return->next;
$machine = ['labels' => map_to_items($scenario['machine']['labels']), 'wait' => WAIT] + $scenario['machine'];
$operation = $client->vmCreate($machine)->return;
$vm = $operation->resource;
step('create', ['state' => $operation->state, 'vm' => $vm]);

$record = $client->vmGet(['vm' => $vm])->return;
step('read', [
    'name' => $record->name,
    'state' => $record->state,
    'memoryMiB' => $record->memoryMiB,
    'labels' => items_to_map($record->labels),
    'unset' => array_values(array_filter(['image', 'lastState'], fn ($name) => $record->$name === null)),
    'created' => $record->created,
    'time' => gettype($record->created),
]);

$page = $client->vmList(['labels' => $record->labels])->return;
step('list', ['names' => array_column($page->items->item, 'name'), 'total' => $page->total]);

step('start', ['state' => $client->vmStart(['vm' => $vm, 'paused' => false, 'wait' => WAIT])->return->state]);
step('boot', next_boot($vm));

try {
    $client->vmStart(['vm' => $vm]);
} catch (SoapFault $fault) {
    // SoapClient reads details without the WSDL, so numbers come as text.
    $detail = $fault->detail->ApiFault;
    step('conflict', [
        'faultcode' => $fault->faultcode,
        'message' => $fault->getMessage(),
        'kind' => $detail->kind,
        'code' => (int) $detail->code,
        'resource' => $detail->resource,
    ]);
}

$wait = ['vm' => $vm, 'wait' => WAIT];
step('pause', ['state' => $client->vmPause($wait)->return->state]);
step('resume', ['state' => $client->vmResume($wait)->return->state]);
step('reboot', ['state' => $client->vmReboot($wait)->return->state]);
step('second boot', next_boot($vm));
step('power off', ['state' => $client->vmPowerOff($wait)->return->state]);
step('delete', ['state' => $client->vmDelete($wait)->return->state]);

$types = ['item' => ['vm.created', 'vm.deleted']];
$events = $client->eventPoll(['after' => $cursor, 'types' => $types])->return->events->item;
$own = array_filter($events, fn ($event) => $event->resource === $vm);
step('events', ['types' => array_column($own, 'type')]);
