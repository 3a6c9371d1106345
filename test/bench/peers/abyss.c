/* xmlrpc-c's Abyss server, multi-threaded as it comes: session.whoami and vm.stats with answers as long as ours. */
#include <stdio.h>
#include <stdlib.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/server.h>
#include <xmlrpc-c/server_abyss.h>

static xmlrpc_value *whoami(xmlrpc_env *env, xmlrpc_value *params, void *server, void *call) {
  (void)params, (void)server, (void)call;
  return xmlrpc_build_value(env, "{s:s,s:s,s:s,s:b}", "user", "admin", "account", "admin", "role", "admin", "token",
                            (xmlrpc_bool)0);
}

static xmlrpc_value *stats(xmlrpc_env *env, xmlrpc_value *params, void *server, void *call) {
  (void)server, (void)call;
  const char *vm = NULL;
  xmlrpc_decompose_value(env, params, "(s)", &vm);
  if (env->fault_occurred) return NULL;
  free((void *)vm);
  return xmlrpc_build_value(env, "{s:8,s:s,s:d,s:i,s:s,s:s,s:s,s:s}", "time", "20260131T12:00:00", "uptimeSeconds",
                            "3600", "cpuSeconds", 12.5, "memoryMiB", (xmlrpc_int32)311, "diskReadBytes", "1048576",
                            "diskWriteBytes", "524288", "netReceivedBytes", "2097152", "netSentBytes", "262144");
}

int main(int count, char **words) {
  if (count != 2) {
    fprintf(stderr, "usage: abyss PORT\n");
    return 2;
  }
  xmlrpc_env env;
  xmlrpc_env_init(&env);
  xmlrpc_registry *registry = xmlrpc_registry_new(&env);
  struct xmlrpc_method_info3 methods[] = {
      {.methodName = "session.whoami", .methodFunction = &whoami},
      {.methodName = "vm.stats", .methodFunction = &stats},
  };
  for (unsigned at = 0; at < 2; at++) xmlrpc_registry_add_method3(&env, registry, &methods[at]);

  struct sockaddr_in {
    unsigned short family, port;
    unsigned char address[4], rest[8];
  } loopback = {2, 0, {127, 0, 0, 1}, {0}};
  unsigned port = (unsigned)atoi(words[1]);
  loopback.port = (unsigned short)((port & 255) << 8 | port >> 8);

  xmlrpc_server_abyss_parms parms = {0};
  parms.registryP = registry;
  parms.sockaddr_p = (const struct sockaddr *)&loopback;
  parms.sockaddrlen = sizeof loopback;
  parms.max_conn = 64;
  /* Its default closes a connection after 30 calls: reconnecting is not what is measured. */
  parms.keepalive_max_conn = 100000000;
  parms.keepalive_timeout = 60;
  xmlrpc_server_abyss(&env, &parms, XMLRPC_APSIZE(max_conn));
  if (env.fault_occurred) fprintf(stderr, "%s\n", env.fault_string);
  return 1;
}
