/* libsoup's XML-RPC, of GNOME, whose values are GLib's; see ../README.md. It makes a few calls and ends: no memory is given back. */
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *user, *password;

static GVariant *native(JsonArray *tagged);

/* Each in a variant of its own, as the library has it for arrays. */
static GVariant *natives(JsonArray *parts) {
  GVariantBuilder made;
  g_variant_builder_init(&made, G_VARIANT_TYPE("av"));
  for (guint at = 0; at < json_array_get_length(parts); at++)
    g_variant_builder_add(&made, "v", native(json_array_get_array_element(parts, at)));
  return g_variant_builder_end(&made);
}

static GVariant *native(JsonArray *tagged) {
  const char *kind = json_array_get_string_element(tagged, 0);
  if (!strcmp(kind, "any")) return native(json_array_get_array_element(tagged, 1));
  if (!strcmp(kind, "list")) return natives(json_array_get_array_element(tagged, 1));
  if (!strcmp(kind, "record") || !strcmp(kind, "map")) {
    JsonArray *parts = json_array_get_array_element(tagged, 1);
    GVariantBuilder made;
    g_variant_builder_init(&made, G_VARIANT_TYPE("a{sv}"));
    for (guint at = 0; at < json_array_get_length(parts); at++) {
      JsonArray *part = json_array_get_array_element(parts, at);
      const char *name = json_array_get_string_element(part, 0);
      g_variant_builder_add(&made, "{sv}", name, native(json_array_get_array_element(part, 1)));
    }
    return g_variant_builder_end(&made);
  }
  const char *text = json_array_get_string_element(tagged, 1);
  if (!strcmp(kind, "bool")) return g_variant_new_boolean(!strcmp(text, "true"));
  if (!strcmp(kind, "int")) return g_variant_new_int32(atoi(text));
  if (!strcmp(kind, "number")) return g_variant_new_double(g_ascii_strtod(text, NULL));
  if (!strcmp(kind, "time")) return soup_xmlrpc_variant_new_datetime(soup_date_new_from_string(text));
  if (!strcmp(kind, "bytes")) {
    gsize length = 0;
    guchar *bytes = *text ? g_base64_decode(text, &length) : NULL;
    return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes, length, 1);
  }
  return g_variant_new_string(text);
}

static JsonArray *told(const char *kind, const char *text) {
  JsonArray *made = json_array_new();
  json_array_add_string_element(made, kind);
  json_array_add_string_element(made, text);
  return made;
}

static JsonArray *shown(GVariant *value) {
  const char *type = g_variant_get_type_string(value);
  if (!strcmp(type, "v")) return shown(g_variant_get_variant(value));
  if (!strcmp(type, "b")) return told("bool", g_variant_get_boolean(value) ? "true" : "false");
  if (!strcmp(type, "i")) return told("int", g_strdup_printf("%d", g_variant_get_int32(value)));
  if (!strcmp(type, "x")) return told("int", g_strdup_printf("%" G_GINT64_FORMAT, g_variant_get_int64(value)));
  if (!strcmp(type, "d")) return told("number", g_strdup_printf("%.17g", g_variant_get_double(value)));
  if (!strcmp(type, "s")) return told("string", g_variant_get_string(value, NULL));
  if (!strcmp(type, "ay")) {
    gsize length;
    const guchar *bytes = g_variant_get_fixed_array(value, &length, 1);
    return told("bytes", length ? g_base64_encode(bytes, length) : "");
  }
  SoupDate *time = soup_xmlrpc_variant_get_datetime(value, NULL);
  if (time != NULL) return told("time", soup_date_to_string(time, SOUP_DATE_ISO8601));
  gboolean isList = !strcmp(type, "av");
  JsonArray *made = json_array_new(), *parts = json_array_new();
  json_array_add_string_element(made, isList ? "list" : "struct");
  json_array_add_array_element(made, parts);
  for (gsize at = 0; at < g_variant_n_children(value); at++) {
    GVariant *child = g_variant_get_child_value(value, at);
    JsonArray *part = isList ? shown(child) : json_array_new();
    if (!isList) {
      json_array_add_string_element(part, g_variant_get_string(g_variant_get_child_value(child, 0), NULL));
      json_array_add_array_element(part, shown(g_variant_get_child_value(child, 1)));
    }
    json_array_add_array_element(parts, part);
  }
  return made;
}

/* It sends credentials when it is asked for them, at `?auth=challenge`. */
static void authenticate(SoupSession *session, SoupMessage *message, SoupAuth *auth, gboolean again, gpointer data) {
  if (!again) soup_auth_authenticate(auth, user, password);
}

static JsonObject *answer(SoupSession *session, const char *endpoint, JsonObject *call) {
  JsonObject *made = json_object_new();
  GError *error = NULL;
  JsonArray *args = json_object_get_array_member(call, "args");
  guint count = json_array_get_length(args);
  GVariant **params = g_new0(GVariant *, count + 1), *result = NULL;
  for (guint at = 0; at < count; at++)
    params[at] = g_variant_new_variant(native(json_array_get_array_element(args, at)));
  const char *method = json_object_get_string_member(call, "method");
  SoupMessage *message = soup_xmlrpc_message_new(endpoint, method, g_variant_new_tuple(params, count), &error);
  if (message != NULL) {
    soup_session_send_message(session, message);
    result = soup_xmlrpc_parse_response(message->response_body->data, message->response_body->length, NULL, &error);
  }
  if (result != NULL) json_object_set_array_member(made, "result", shown(result));
  else if (error->domain == SOUP_XMLRPC_FAULT) {
    JsonObject *fault = json_object_new();
    json_object_set_string_member(fault, "code", g_strdup_printf("%d", error->code));
    json_object_set_string_member(fault, "message", error->message);
    json_object_set_object_member(made, "fault", fault);
  } else json_object_set_string_member(made, "failed", error->message);
  return made;
}

static void say(JsonObject *object) {
  JsonNode *node = json_node_new(JSON_NODE_OBJECT);
  json_node_set_object(node, object);
  puts(json_to_string(node, FALSE));
  fflush(stdout);
}

int main(int count, char **argv) {
  char *line = NULL;
  size_t size = 0;
  JsonObject *scenario = json_node_get_object(json_from_string(argv[count - 1], NULL));
  user = json_object_get_string_member(scenario, "user");
  password = json_object_get_string_member(scenario, "password");
  const char *endpoint = g_strconcat(json_object_get_string_member(scenario, "endpoint"), "?auth=challenge", NULL);
  SoupSession *session = soup_session_new();
  g_signal_connect(session, "authenticate", G_CALLBACK(authenticate), NULL);
  JsonObject *version = json_object_new();
  const guint numbers[] = {soup_get_major_version(), soup_get_minor_version(), soup_get_micro_version()};
  json_object_set_string_member(
    version, "version", g_strdup_printf("%u.%u.%u", numbers[0], numbers[1], numbers[2]));
  say(version);
  while (getline(&line, &size, stdin) != -1)
    say(answer(session, endpoint, json_node_get_object(json_from_string(line, NULL))));
  return 0;
}
