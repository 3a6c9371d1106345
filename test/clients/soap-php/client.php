<?php
// A SOAP client as a PHP program writes it: php client.php WSDL_URL USER PASSWORD METHOD [JSON_PARAMS]
// Prints one JSON object: {"result": ...} or {"fault": {"code", "message", "detail"}}.
[, $wsdl, $user, $password, $method] = $argv;
$options = [
    'login' => $user,
    'password' => $password,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'soap_version' => str_contains($wsdl, 'soap=1.2') ? SOAP_1_2 : SOAP_1_1,
    // Lists of one item stay lists.
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
];
try {
    $client = new SoapClient($wsdl, $options);
    $result = $client->__soapCall($method, [json_decode($argv[5] ?? '{}')]);
    echo json_encode(['result' => $result->return]), "\n";
} catch (SoapFault $fault) {
    $detail = $fault->detail->ApiFault ?? null;
    echo json_encode(['fault' => ['code' => $fault->faultcode, 'message' => $fault->getMessage(), 'detail' => $detail]]), "\n";
}
