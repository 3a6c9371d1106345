<?php
/** PHP's SoapServer with a contract of rpc/encoded, as shops had it in 2005. */
if (($_SERVER['PHP_AUTH_USER'] ?? '') !== 'shop' || $_SERVER['PHP_AUTH_PW'] !== 's3cret') {
  http_response_code(401);
  return;
}

class Orders {
  public function placeOrder($customer, $lines) {
    foreach ($lines as $line) {
      if ($line->article === 'rare') throw new SoapFault('Client', "Sold out for $customer.", null, (object)['article' => 'rare', 'left' => 0], 'SoldOut');
    }
    return [
      'number' => '9007199254740993', 'placed' => '2026-01-31T12:00:00+01:00', 'total' => $lines[0]->price,
      'lines' => $lines, 'note' => null,
    ];
  }

  public function __call($name, $values) {
    return 3;
  }
}

$server = new SoapServer(__DIR__ . '/orders.wsdl', ['cache_wsdl' => WSDL_CACHE_NONE]);
$server->setClass('Orders');
$server->handle();
