import annelid.*;
import java.net.URL;
import java.util.HashMap;

/** Axis 1.4 with what its WSDL2Java makes of the WSDL of rpc/encoded; see ../README.md. */
class AxisClient {
  public static void main(String[] arguments) throws Exception {
    Annelid client = new AnnelidServiceLocator().getAnnelidPort(new URL(arguments[0]));
    Vm machine = client.vmGet("web1", null);
    NewDisk disk = new NewDisk();
    disk.setSizeMiB(5);
    HashMap<String, String> labels = new HashMap<>();
    labels.put("a", "b");
    Operation created = client.vmCreate("n", null, null, null, null, null, null, null, new NewDisk[] {disk, disk},
        new String[] {"x", "y"}, labels, null, null, null, null);
    EventPage polled = client.eventPoll(9007199254740993L, null, null, new String[] {"vm.created"});
    String kind = null;
    try {
      client.vmGet("web9", null);
    } catch (FaultInfo fault) {
      kind = fault.getKind();
    }
    System.out.printf(
        "{\"version\":\"%s\",\"machine\":\"%s\",\"label\":\"%s\",\"disk\":%d,\"created\":\"%s\",\"events\":%d,\"text\":\"%s\",\"fault\":\"%s\"}%n",
        client.systemVersion().getName(), machine.getName(), machine.getLabels().get("tier"),
        machine.getDisks()[0].getSizeMiB(), created.getMethod(), polled.getEvents().length,
        new String(client.vmConsoleOutput("web1", null, null).getData()), kind);
  }
}
