/* xmlrpc-c's library, which has JSON too; see ../README.md. It makes a few calls and ends: no memory is given back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/client.h>
#include <xmlrpc-c/json.h>
#include <xmlrpc-c/util.h>

static xmlrpc_env env;

static void must(const char *what) {
  if (!env.fault_occurred) return;
  fprintf(stderr, "%s: %s\n", what, env.fault_string);
  exit(1);
}

static const char *member(xmlrpc_value *of, const char *name) {
  xmlrpc_value *value;
  const char *text;
  xmlrpc_struct_read_value(&env, of, name, &value);
  xmlrpc_read_string(&env, value, &text);
  return text;
}

static xmlrpc_value *item(xmlrpc_value *array, unsigned int at) {
  xmlrpc_value *value;
  xmlrpc_array_read_item(&env, array, at, &value);
  return value;
}

static xmlrpc_value *native(xmlrpc_value *tagged) {
  const char *kind, *text = NULL;
  xmlrpc_value *value = item(tagged, 1), *made;
  size_t length = 0;
  int at;
  xmlrpc_read_string(&env, item(tagged, 0), &kind);
  if (!strcmp(kind, "any")) return native(value);
  if (!strcmp(kind, "list")) {
    made = xmlrpc_array_new(&env);
    for (at = 0; at < xmlrpc_array_size(&env, value); at++)
      xmlrpc_array_append_item(&env, made, native(item(value, at)));
    return made;
  }
  if (!strcmp(kind, "record") || !strcmp(kind, "map")) {
    made = xmlrpc_struct_new(&env);
    for (at = 0; at < xmlrpc_array_size(&env, value); at++)
      xmlrpc_struct_set_value_v(&env, made, item(item(value, at), 0), native(item(item(value, at), 1)));
    return made;
  }
  xmlrpc_read_string_lp(&env, value, &length, &text);
  if (!strcmp(kind, "bool")) return xmlrpc_bool_new(&env, !strcmp(text, "true"));
  if (!strcmp(kind, "int")) return xmlrpc_int_new(&env, atoi(text));
  if (!strcmp(kind, "number")) return xmlrpc_double_new(&env, strtod(text, NULL));
  if (!strcmp(kind, "nil")) return xmlrpc_nil_new(&env);
  if (!strcmp(kind, "bytes")) {
    xmlrpc_mem_block *bytes = xmlrpc_base64_decode(&env, text, length);
    return xmlrpc_base64_new(&env, xmlrpc_mem_block_size(bytes), xmlrpc_mem_block_contents(bytes));
  }
  if (!strcmp(kind, "time")) {
    xmlrpc_datetime time = {0};
    unsigned int thousandths = 0;
    sscanf(text, "%4u-%2u-%2uT%2u:%2u:%2u.%3u", &time.Y, &time.M, &time.D, &time.h, &time.m, &time.s, &thousandths);
    time.u = 1000 * thousandths;
    return xmlrpc_datetime_new(&env, time);
  }
  return xmlrpc_string_new_lp(&env, length, text);
}

static xmlrpc_value *told(const char *tag, const char *text) { return xmlrpc_build_value(&env, "(ss)", tag, text); }

static xmlrpc_value *shown(xmlrpc_value *value) {
  char text[64];
  xmlrpc_value *parts = xmlrpc_array_new(&env);
  int at;
  switch (xmlrpc_value_type(value)) {
    case XMLRPC_TYPE_BOOL: {
      xmlrpc_bool on;
      xmlrpc_read_bool(&env, value, &on);
      return told("bool", on ? "true" : "false");
    }
    case XMLRPC_TYPE_INT: {
      int number;
      xmlrpc_read_int(&env, value, &number);
      snprintf(text, sizeof text, "%d", number);
      return told("int", text);
    }
    case XMLRPC_TYPE_DOUBLE: {
      double number;
      xmlrpc_read_double(&env, value, &number);
      snprintf(text, sizeof text, "%.17g", number);
      return told("number", text);
    }
    case XMLRPC_TYPE_DATETIME: {
      xmlrpc_datetime time;
      xmlrpc_read_datetime(&env, value, &time);
      snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u", time.Y, time.M, time.D, time.h, time.m, time.s);
      return told("time", text);
    }
    case XMLRPC_TYPE_BASE64: {
      const unsigned char *bytes;
      size_t length;
      xmlrpc_read_base64(&env, value, &length, &bytes);
      xmlrpc_mem_block *encoded = xmlrpc_base64_encode_without_newlines(&env, bytes, length);
      return xmlrpc_build_value(&env, "(ss#)", "bytes", xmlrpc_mem_block_contents(encoded), xmlrpc_mem_block_size(encoded));
    }
    case XMLRPC_TYPE_STRING:
      return xmlrpc_build_value(&env, "(sV)", "string", value);
    case XMLRPC_TYPE_NIL:
      return told("nil", "");
    case XMLRPC_TYPE_ARRAY:
      for (at = 0; at < xmlrpc_array_size(&env, value); at++)
        xmlrpc_array_append_item(&env, parts, shown(item(value, at)));
      return xmlrpc_build_value(&env, "(sV)", "list", parts);
    case XMLRPC_TYPE_STRUCT:
      for (at = 0; at < xmlrpc_struct_size(&env, value); at++) {
        xmlrpc_value *name, *of;
        xmlrpc_struct_read_member(&env, value, at, &name, &of);
        xmlrpc_array_append_item(&env, parts, xmlrpc_build_value(&env, "(VV)", name, shown(of)));
      }
      return xmlrpc_build_value(&env, "(sV)", "struct", parts);
    default:
      return told(xmlrpc_type_name(xmlrpc_value_type(value)), "");
  }
}

/* On one line: line breaks within strings are escaped. */
static void say(xmlrpc_value *value) {
  xmlrpc_mem_block *json = xmlrpc_mem_block_new(&env, 0);
  xmlrpc_serialize_json(&env, value, json);
  must("Telling");
  const char *text = xmlrpc_mem_block_contents(json);
  for (size_t at = 0; at < xmlrpc_mem_block_size(json); at++) putchar(text[at] == '\n' ? ' ' : text[at]);
  putchar('\n');
  fflush(stdout);
}

static xmlrpc_value *answer(xmlrpc_client *client, xmlrpc_server_info *server, xmlrpc_value *call) {
  static const char atServer[] = "RPC failed at server.  ";
  xmlrpc_env calling;
  xmlrpc_value *args, *result;
  xmlrpc_struct_read_value(&env, call, "args", &args);
  args = native(xmlrpc_build_value(&env, "(sV)", "list", args));
  if (env.fault_occurred) return NULL;
  xmlrpc_env_init(&calling);
  xmlrpc_client_call2(&calling, client, server, member(call, "method"), args, &result);
  if (!calling.fault_occurred) return xmlrpc_build_value(&env, "{s:V}", "result", shown(result));
  if (strncmp(calling.fault_string, atServer, sizeof atServer - 1))
    return xmlrpc_build_value(&env, "{s:s}", "failed", calling.fault_string);
  char code[16];
  snprintf(code, sizeof code, "%d", calling.fault_code);
  return xmlrpc_build_value(
    &env, "{s:{s:s,s:s}}", "fault", "code", code, "message", calling.fault_string + sizeof atServer - 1);
}

int main(int count, char **argv) {
  char *line = NULL, version[32];
  size_t size = 0;
  xmlrpc_client *client;
  xmlrpc_env_init(&env);
  xmlrpc_client_setup_global_const(&env);
  xmlrpc_client_create(&env, XMLRPC_CLIENT_NO_FLAGS, "xmlrpc-c", "1", NULL, 0, &client);
  xmlrpc_value *scenario = xmlrpc_parse_json(&env, argv[count - 1]);
  must("Starting");
  xmlrpc_server_info *server = xmlrpc_server_info_new(&env, member(scenario, "endpoint"));
  xmlrpc_server_info_set_user(&env, server, member(scenario, "user"), member(scenario, "password"));
  xmlrpc_server_info_allow_auth_basic(&env, server);
  snprintf(version, sizeof version, "%u.%u.%u", xmlrpc_version_major, xmlrpc_version_minor, xmlrpc_version_point);
  say(xmlrpc_build_value(&env, "{s:s}", "version", version));
  while (getline(&line, &size, stdin) != -1) {
    xmlrpc_value *call = xmlrpc_parse_json(&env, line);
    xmlrpc_value *said = env.fault_occurred ? NULL : answer(client, server, call);
    if (env.fault_occurred) {
      /* It refuses what it cannot hold. */
      char *why = strdup(env.fault_string);
      xmlrpc_env_clean(&env);
      xmlrpc_env_init(&env);
      said = xmlrpc_build_value(&env, "{s:s}", "failed", why);
    }
    say(said);
  }
  return 0;
}
