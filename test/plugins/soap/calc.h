/* A calculator as gSOAP's `soapcpp2` takes it. */
//gsoap calc service name: calc
//gsoap calc service namespace: urn:calc
//gsoap calc service location: http://127.0.0.1:1/calc
//gsoap calc schema form: qualified
//gsoap calc service style: document
//gsoap calc service encoding: literal

typedef long long xsd__long;
typedef char *xsd__decimal;
struct xsd__base64Binary { unsigned char *__ptr; int __size; char *id; char *type; char *options; };

struct calc__Point { double x; double y; char *name 0; };
struct calc__Points { int __sizepoint; struct calc__Point *point; };
struct calc__middleResponse { struct calc__Point middle; };
struct calc__echoResponse { xsd__long number; xsd__decimal exact; struct xsd__base64Binary raw; };

int calc__add(double a, double b, double *result);
int calc__divide(double a, double b, double *result);
int calc__middle(struct calc__Points *points, struct calc__middleResponse *response);
int calc__echo(xsd__long number, xsd__decimal exact, struct xsd__base64Binary raw, struct calc__echoResponse *response);
