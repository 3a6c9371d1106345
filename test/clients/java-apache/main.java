import java.net.URL;
import java.util.TimeZone;
import org.apache.xmlrpc.XmlRpcException;
import org.apache.xmlrpc.client.XmlRpcClient;
import org.apache.xmlrpc.client.XmlRpcClientConfigImpl;

/** Apache's client for XML-RPC; see ../README.md. */
class Main {
  public static void main(String[] arguments) throws Exception {
    boolean extended = arguments[0].equals("extended");
    String scenario = arguments[1];
    XmlRpcClientConfigImpl config = new XmlRpcClientConfigImpl();
    String switches = extended ? "?nil=ex:nil&long=ex:i8&time=ex:dateTime" : "";
    config.setServerURL(new URL(Json.setting(scenario, "endpoint") + switches));
    config.setBasicUserName(Json.setting(scenario, "user"));
    config.setBasicPassword(Json.setting(scenario, "password"));
    config.setTimeZone(TimeZone.getTimeZone("UTC"));
    config.setEnabledForExtensions(extended);
    config.setGzipCompressing(extended);
    config.setGzipRequesting(extended);
    config.setContentLengthOptional(extended);
    Values.extended = extended;
    XmlRpcClient client = new XmlRpcClient();
    client.setConfig(config);
    Calls.answer("org.apache.xmlrpc/xmlrpc-client", (method, args) -> {
      try {
        return Calls.result(Values.shown(client.execute(method, Values.natives(args))));
      } catch (XmlRpcException fault) {
        return fault.linkedException == null ? Calls.fault(fault.code, fault.getMessage()) : Calls.failed(fault);
      }
    });
  }
}
