import de.timroes.axmlrpc.XMLRPCClient;
import de.timroes.axmlrpc.XMLRPCException;
import de.timroes.axmlrpc.XMLRPCServerException;
import java.net.URL;
import java.util.Base64;

/** aXMLRPC; see ../README.md. */
class Main {
  public static void main(String[] arguments) throws Exception {
    String scenario = arguments[0];
    URL endpoint = new URL(Json.setting(scenario, "endpoint"));
    // Otherwise it reads the references in text a second time.
    XMLRPCClient client = new XMLRPCClient(endpoint, XMLRPCClient.FLAGS_NO_STRING_DECODE);
    // Its own way folds credentials longer than 57 characters, and Java refuses them.
    String credentials = Json.setting(scenario, "user") + ":" + Json.setting(scenario, "password");
    client.setCustomHttpHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes("UTF-8")));
    // Names of members go out as they are given.
    Values.name = (name) -> name.replace("&", "&amp;").replace("<", "&lt;");
    Calls.answer("fr.turri/aXMLRPC", (method, args) -> {
      try {
        return Calls.result(Values.shown(client.call(method, Values.natives(args))));
      } catch (XMLRPCServerException fault) {
        String message = fault.getMessage();
        // It ends with the code, in brackets.
        return Calls.fault(fault.getErrorNr(), message.substring(0, message.lastIndexOf(" [")));
      } catch (XMLRPCException failure) {
        return Calls.failed(failure);
      }
    });
  }
}
