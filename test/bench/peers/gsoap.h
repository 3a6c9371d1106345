/* vm.list as gSOAP's soapcpp2 takes it: the messages of our WSDL, read and written by what it generates. */
//gsoap a service name: vm
//gsoap a service namespace: urn:annelid:1
//gsoap a service style: document
//gsoap a service encoding: literal
//gsoap a schema form: qualified

typedef time_t xsd__dateTime;
enum xsd__boolean { false_, true_ };

struct a__ArrayOfString { int __size; char **item; };
struct a__Property { char *key; char *value; };
struct a__ArrayOfProperty { int __size; struct a__Property *item; };
struct a__Disk { char *device; int *sizeMiB; char *volume; enum xsd__boolean *readOnly; };
struct a__ArrayOfDisk { int __size; struct a__Disk *item; };
struct a__Nic { char *mac; char *network; struct a__ArrayOfString *addresses; };
struct a__ArrayOfNic { int __size; struct a__Nic *item; };
struct a__Vm {
  char *id;
  char *name;
  char *account;
  char *connector;
  char *nativeId;
  char *host;
  char *state;
  char *lastState;
  char *image;
  int *vcpus;
  int *memoryMiB;
  struct a__ArrayOfDisk *disks;
  struct a__ArrayOfNic *nics;
  struct a__ArrayOfString *addresses;
  struct a__ArrayOfProperty *labels;
  xsd__dateTime created;
  xsd__dateTime changed;
};
struct a__ArrayOfVm { int __size; struct a__Vm *item; };
struct a__VmPage { struct a__ArrayOfVm *items; int total; char *next; };
struct a__vmListResponse { struct a__VmPage *return_; };

int a__vmList(char *state, char *connector, char *host, char *account, char *name, struct a__ArrayOfProperty *labels,
  char *sort, enum xsd__boolean *descending, int *limit, char *after, enum xsd__boolean *refresh, struct a__vmListResponse *reply);

struct a__Session { char *user; char *account; char *role; enum xsd__boolean token; };
struct a__sessionWhoamiResponse { struct a__Session *return_; };

int a__sessionWhoami(struct a__sessionWhoamiResponse *reply);
