/* gSOAP with what wsdl2h and soapcpp2 make of the WSDL. What depends on that, calls.h, is derived from it; see ../README.md. */
#include "soapH.h"
#include "AnnelidBinding.nsmap"
#include <stdio.h>

/* The strings of the line that is being read, in their order: names, kinds and values of what is given. */
static char *given[4096];

static char *unescaped(char *to, const char *from) {
  unsigned int code;
  if (*from != 'u') {
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    const char *found = strchr(names, *from);
    *to = found ? values[found - names] : *from;
    return to + 1;
  }
  /* Only control characters come like this. */
  sscanf(from + 1, "%4x", &code);
  *to = (char)code;
  return to + 1;
}

static void split(char *line) {
  size_t count = 0;
  char *at, *to;
  for (at = strchr(line, '"'); at; at = strchr(at + 1, '"')) {
    given[count++] = to = ++at;
    for (; *at != '"'; at++) {
      if (*at != '\\') *to++ = *at;
      else {
        to = unescaped(to, ++at);
        if (*at == 'u') at += 4;
      }
    }
    *to = '\0';
  }
}

static void quoted(const char *text) {
  putchar('"');
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') printf("\\%c", *text);
    else if ((unsigned char)*text < ' ') printf("\\u%04x", *text);
    else putchar(*text);
  }
  putchar('"');
}

static void told(const char *tag, const char *text) {
  printf("[\"%s\",", tag);
  quoted(text);
  putchar(']');
}
#define NIL told("nil", "")

static void show_string(const char *value) {
  if (value) told("string", value);
  else NIL;
}
static void show_bool(int value) { told("bool", value ? "true" : "false"); }
static void show_int(LONG64 value) { printf("[\"int\",\"%lld\"]", (long long)value); }
static void show_number(double value) { printf("[\"number\",\"%.17g\"]", value); }
static void show_time(time_t value) {
  char text[32];
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&value));
  told("time", text);
}
static void show_bytes(struct soap *soap, const struct xsd__base64Binary *value) {
  if (value->__ptr) told("bytes", soap_s2base64(soap, value->__ptr, NULL, value->__size));
  else NIL;
}

static time_t time_from(struct soap *soap, const char *text) {
  time_t value;
  soap_s2dateTime(soap, text, &value);
  return value;
}
static struct xsd__base64Binary bytes_from(struct soap *soap, const char *text) {
  struct xsd__base64Binary value = {0};
  value.__ptr = (unsigned char *)soap_base642s(soap, text, NULL, 0, &value.__size);
  return value;
}

static void show_failure(struct soap *soap) {
  struct SOAP_ENV__Detail *detail = soap->fault ? soap->fault->detail : NULL;
  if (!detail || !detail->ns1__ApiFault) {
    const char **text;
    soap_set_fault(soap);
    text = soap_faultstring(soap);
    printf("{\"failed\":");
    quoted(text && *text ? *text : "no answer");
  } else {
    printf("{\"fault\":{\"code\":\"%d\",\"kind\":", detail->ns1__ApiFault->code);
    quoted(detail->ns1__ApiFault->kind);
    printf(",\"message\":");
    quoted(soap->fault->faultstring);
    putchar('}');
  }
}

#include "calls.h"

static char *setting(const char *scenario, const char *name) {
  const char *from = strstr(strstr(scenario, name) + strlen(name) + 1, "\"") + 1;
  char *value = strdup(from);
  *strchr(value, '"') = '\0';
  return value;
}

int main(int count, char **arguments) {
  struct soap *soap = soap_new1(SOAP_C_UTFSTRING);
  char *url = setting(arguments[1], "\"endpoint\"");
  char *user = setting(arguments[1], "\"user\""), *password = setting(arguments[1], "\"password\"");
  char *line = NULL;
  size_t length = 0, at;
  int version = GSOAP_VERSION;
  printf("{\"version\":\"%d.%d.%d\"}\n", version / 100000, version / 1000 % 100, version % 1000);
  fflush(stdout);
  for (at = 0; getline(&line, &length, stdin) > 0 && at < sizeof calls / sizeof *calls; at++) {
    split(line);
    soap->userid = user;
    soap->passwd = password;
    calls[at](soap, url);
    printf("}\n");
    fflush(stdout);
    soap_destroy(soap);
    soap_end(soap);
  }
  return 0;
}
