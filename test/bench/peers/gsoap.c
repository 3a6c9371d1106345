/* gSOAP's server with a thread for each connection, as its manual has it: vm.list and session.whoami as long as ours. */
#include "soapH.h"
#include "vm.nsmap"
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>

static int vcpus = 2, memory = 2048, disk = 20480;
static enum xsd__boolean writable = false_;
static char *address[] = {"10.20.0.2"};
static struct a__ArrayOfString addresses = {1, address};
static struct a__Property tags[] = {{"tier", "web"}, {"team", "shop"}};

/* Looks at the parameters as ours does, and makes each machine anew: what is found is not known before. */
int a__vmList(struct soap *soap, char *state, char *connector, char *host, char *account, char *name,
              struct a__ArrayOfProperty *labels, char *sort, enum xsd__boolean *descending, int *limit, char *after,
              enum xsd__boolean *refresh, struct a__vmListResponse *reply) {
  (void)host, (void)account, (void)sort, (void)descending, (void)after, (void)refresh;
  if (state == NULL || connector == NULL || name == NULL || labels == NULL || labels->__size != 1 || limit == NULL)
    return soap_sender_fault(soap, "The parameters are not those of the benchmark.", NULL);
  struct a__VmPage *page = soap_malloc(soap, sizeof *page);
  struct a__ArrayOfVm *items = soap_malloc(soap, sizeof *items);
  *items = (struct a__ArrayOfVm){5, soap_malloc(soap, 5 * sizeof *items->item)};
  for (int at = 0; at < items->__size; at++) {
    struct a__Disk *one = soap_malloc(soap, sizeof *one);
    *one = (struct a__Disk){"vda", &disk, "222a8aa9-24b3-8654-bc36-80b86f2f08e4-vda", &writable};
    struct a__ArrayOfDisk *disks = soap_malloc(soap, sizeof *disks);
    *disks = (struct a__ArrayOfDisk){1, one};
    struct a__Nic *nic = soap_malloc(soap, sizeof *nic);
    *nic = (struct a__Nic){"52:54:00:ce:f0:4a", "default", &addresses};
    struct a__ArrayOfNic *nics = soap_malloc(soap, sizeof *nics);
    *nics = (struct a__ArrayOfNic){1, nic};
    struct a__ArrayOfProperty *properties = soap_malloc(soap, sizeof *properties);
    *properties = (struct a__ArrayOfProperty){2, tags};
    char *called = soap_malloc(soap, 16);
    snprintf(called, 16, "web-%d", at + 1);
    items->item[at] = (struct a__Vm){
        .id = "01a20b4c-6e3e-74c1-bcec-53283b998b6c",
        .name = called,
        .account = "admin",
        .connector = "lab",
        .nativeId = "222a8aa9-24b3-8654-bc36-80b86f2f08e4",
        .host = "01a20b4c-6e3a-75ba-af19-aa3aad07d045",
        .state = "running",
        .image = "01a20b4c-6e3b-7579-9b5e-721c64b54cf8",
        .vcpus = &vcpus,
        .memoryMiB = &memory,
        .disks = disks,
        .nics = nics,
        .addresses = &addresses,
        .labels = properties,
        .created = 1769860800,
        .changed = 1769860801 + at,
    };
  }
  *page = (struct a__VmPage){items, 5, NULL};
  reply->return_ = page;
  return SOAP_OK;
}

int a__sessionWhoami(struct soap *soap, struct a__sessionWhoamiResponse *reply) {
  reply->return_ = soap_malloc(soap, sizeof *reply->return_);
  *reply->return_ = (struct a__Session){"admin", "admin", "admin", false_};
  return SOAP_OK;
}

static void *serve(void *of) {
  struct soap *soap = of;
  pthread_detach(pthread_self());
  soap_serve(soap);
  soap_destroy(soap);
  soap_end(soap);
  soap_free(soap);
  return NULL;
}

int main(int count, char **words) {
  if (count != 2) {
    fprintf(stderr, "usage: gsoap PORT\n");
    return 2;
  }
  struct soap soap;
  soap_init1(&soap, SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING);
  /* Its default closes a connection after 100 calls: reconnecting is not what is measured. */
  soap.max_keep_alive = 100000000;
  soap.accept_flags = TCP_NODELAY;
  soap.bind_flags = SO_REUSEADDR;
  if (!soap_valid_socket(soap_bind(&soap, "127.0.0.1", atoi(words[1]), 64))) {
    soap_print_fault(&soap, stderr);
    return 1;
  }
  while (soap_valid_socket(soap_accept(&soap))) {
    pthread_t thread;
    pthread_create(&thread, NULL, serve, soap_copy(&soap));
  }
  return 1;
}
