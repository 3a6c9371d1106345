/* A calculator on gSOAP. */
#include <arpa/inet.h>
#include "soapH.h"
#include "calc.nsmap"

int calc__add(struct soap *soap, double a, double b, double *result) {
  *result = a + b;
  return SOAP_OK;
}

int calc__divide(struct soap *soap, double a, double b, double *result) {
  if (b == 0) return soap_sender_fault(soap, "Division by zero.", NULL);
  *result = a / b;
  return SOAP_OK;
}

int calc__middle(struct soap *soap, struct calc__Points *points, struct calc__middleResponse *response) {
  int count = points ? points->__sizepoint : 0;
  response->middle = (struct calc__Point){0, 0, count == 0 ? NULL : points->point[0].name};
  for (int at = 0; at < count; at++) {
    response->middle.x += points->point[at].x / count;
    response->middle.y += points->point[at].y / count;
  }
  return SOAP_OK;
}

int calc__echo(struct soap *soap, LONG64 number, char *exact, struct xsd__base64Binary raw,
               struct calc__echoResponse *response) {
  *response = (struct calc__echoResponse){number, exact, raw};
  return SOAP_OK;
}

int main(void) {
  struct soap *soap = soap_new();
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", 0, 100))) return 1;
  getsockname(soap->master, (struct sockaddr *)&address, &length);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  while (soap_valid_socket(soap_accept(soap))) {
    soap_serve(soap);
    soap_destroy(soap);
    soap_end(soap);
  }
  return 1;
}
