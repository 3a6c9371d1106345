/** CXF with WS-Addressing required; see ../README.md. Given a namespace and a WSDL. */
import jakarta.xml.ws.Dispatch;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.WebServiceException;
import jakarta.xml.ws.soap.AddressingFeature;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;

class Addressing {
  public static void main(String[] args) throws Exception {
    String namespace = args[0];
    Service service = Service.create(URI.create(args[1]).toURL(), new QName(namespace, "AnnelidService"));
    QName port = new QName(namespace, "AnnelidPort");
    Dispatch<Source> dispatch =
        service.createDispatch(port, Source.class, Service.Mode.PAYLOAD, new AddressingFeature(true, true));
    String vm = "<vmGet xmlns='" + namespace + "'><vm>nope</vm></vmGet>";
    for (String call : new String[] {"<systemVersion xmlns='" + namespace + "'/>", vm}) {
      try {
        Source reply = dispatch.invoke(new StreamSource(new StringReader(call)));
        StringWriter text = new StringWriter();
        TransformerFactory.newInstance().newTransformer().transform(reply, new StreamResult(text));
        System.out.println(text.toString().replaceAll("(?s).*<name>(.*?)</name>.*", "$1"));
      } catch (WebServiceException failure) {
        // Without a library for SAAJ, CXF has only its own exception for a fault.
        System.out.println(failure.getCause().getMessage());
      }
    }
  }
}
