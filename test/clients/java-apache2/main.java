import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.Vector;
import java.util.stream.Collectors;
import org.apache.xmlrpc.XmlRpc;
import org.apache.xmlrpc.XmlRpcClient;
import org.apache.xmlrpc.XmlRpcException;

/** Apache's client for XML-RPC before its third version, which began as Helma's; see ../README.md. */
class Main {
  /** It has the collections of Java 1.0. */
  static Object old(Object value) {
    if (value instanceof Object[]) return Arrays.stream((Object[]) value).map(Main::old).collect(Collectors.toCollection(Vector::new));
    if (!(value instanceof Map)) return value;
    Hashtable<Object, Object> table = new Hashtable<>();
    ((Map<?, ?>) value).forEach((name, member) -> table.put(name, old(member)));
    return table;
  }

  static Object unwrapped(Object value) {
    if (value instanceof Vector) return ((Vector<?>) value).stream().map(Main::unwrapped).toArray();
    if (value instanceof Hashtable) ((Hashtable<?, Object>) value).replaceAll((name, member) -> unwrapped(member));
    return value;
  }

  public static void main(String[] arguments) throws Exception {
    String scenario = arguments[0];
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    XmlRpc.setEncoding("UTF-8");
    XmlRpcClient client = new XmlRpcClient(Json.setting(scenario, "endpoint"));
    client.setBasicAuthentication(Json.setting(scenario, "user"), Json.setting(scenario, "password"));
    Calls.answer("org.apache.ws.xmlrpc/xmlrpc", (method, args) -> {
      try {
        return Calls.result(Values.shown(unwrapped(client.execute(method, (Vector<?>) old(Values.natives(args))))));
      } catch (XmlRpcException fault) {
        return Calls.fault(fault.code, fault.getMessage());
      } catch (Exception failure) {
        return Calls.failed(failure);
      }
    });
  }
}
