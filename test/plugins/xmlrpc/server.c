/* xmlrpc-c's Abyss, with the signatures that it keeps. */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/server.h>
#include <xmlrpc-c/server_abyss.h>

static xmlrpc_value *twice(xmlrpc_env *env, xmlrpc_value *params, void *server, void *call) {
  xmlrpc_int64 number;
  xmlrpc_decompose_value(env, params, "(I)", &number);
  return env->fault_occurred ? NULL : xmlrpc_build_value(env, "I", number * 2);
}

static xmlrpc_value *describe(xmlrpc_env *env, xmlrpc_value *params, void *server, void *call) {
  const char *name;
  xmlrpc_bool loud;
  xmlrpc_decompose_value(env, params, "(sb)", &name, &loud);
  if (env->fault_occurred) return NULL;
  return xmlrpc_build_value(env, "{s:s,s:b,s:d,s:8,s:6}", "name", name, "loud", loud, "gain", 0.1, "since",
                            "20260131T12:00:00", "raw", "\001\002", (size_t)2);
}

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 16)) return 1;
  getsockname(listener, (struct sockaddr *)&address, &length);

  xmlrpc_env env;
  xmlrpc_env_init(&env);
  xmlrpc_registry *registry = xmlrpc_registry_new(&env);
  struct xmlrpc_method_info3 methods[] = {
      {.methodName = "twice", .methodFunction = twice, .signatureString = "I:I", .help = "Twice a number of 64 bits."},
      {.methodName = "describe", .methodFunction = describe, .signatureString = "S:sb", .help = "Describe something."},
  };
  for (unsigned at = 0; at < 2; at++) xmlrpc_registry_add_method3(&env, registry, &methods[at]);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  xmlrpc_server_abyss_parms parms = {
      .registryP = registry, .socket_bound = 1, .socket_handle = listener, .keepalive_timeout = 1};
  xmlrpc_server_abyss(&env, &parms, XMLRPC_APSIZE(socket_handle));
  fprintf(stderr, "%s\n", env.fault_string);
  return 1;
}
