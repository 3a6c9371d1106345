/* gSOAP with what wsdl2h and soapcpp2 make of the WSDL of rpc/encoded; see ../README.md. */
#include "soapH.h"
#include "AnnelidBinding.nsmap"
#include <stdio.h>

static void check(struct soap *soap, int status) {
  if (status == SOAP_OK) return;
  soap_print_fault(soap, stderr);
  exit(1);
}

int main(int count, char **arguments) {
  struct soap *soap = soap_new();
  const char *url = arguments[1];
  struct ns1__systemVersionResponse version;
  struct ns1__vmGetResponse machine, none;
  struct ns1__vmCreateResponse created;
  struct ns1__eventPollResponse polled;
  struct ns1__vmConsoleOutputResponse console;

  struct ns1__NewDisk disk = {0}, *disks[] = {&disk, &disk};
  struct ArrayOfNewDisk diskArray = {disks, 2};
  char *networks[] = {"x", "y"}, *types[] = {"vm.created"};
  struct ArrayOfString networkArray = {networks, 2}, typeArray = {types, 1};
  struct ns2__mapItem item = {"a", "b"};
  struct ns2__Map labels = {1, &item};
  disk.sizeMiB = 5;

  check(soap, soap_call_ns1__systemVersion(soap, url, NULL, &version));
  check(soap, soap_call_ns1__vmGet(soap, url, NULL, "web1", SOAP_ENC__boolean__false_, &machine));
  check(soap, soap_call_ns1__vmCreate(soap, url, NULL, "n", NULL, 1, 512, NULL, NULL, NULL, NULL, &diskArray,
    &networkArray, &labels, SOAP_ENC__boolean__false_, NULL, NULL, 0, &created));
  check(soap, soap_call_ns1__eventPoll(soap, url, NULL, 9007199254740993LL, 0, 1000, &typeArray, &polled));
  check(soap, soap_call_ns1__vmConsoleOutput(soap, url, NULL, "web1", 0, 65536, &console));
  if (soap_call_ns1__vmGet(soap, url, NULL, "web9", SOAP_ENC__boolean__false_, &none) == SOAP_OK) return 1;
  struct SOAP_ENV__Detail *detail = soap->fault->detail;
  printf("{\"version\":\"%s\",\"machine\":\"%s\",\"label\":\"%s\",\"disk\":%d,\"created\":\"%s\",\"events\":%d,"
    "\"text\":\"%.*s\",\"fault\":\"%s\"}\n",
    version.return_->name, machine.return_->name, machine.return_->labels->item[0].value,
    *machine.return_->disks->__ptr[0]->sizeMiB, created.return_->method, polled.return_->events->__size,
    console.return_->data.__size, console.return_->data.__ptr, detail->ns1__ApiFault->kind);
  return 0;
}
