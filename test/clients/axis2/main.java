import annelid.AnnelidServiceStub;
import annelid.ApiException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.activation.DataHandler;
import org.apache.axiom.attachments.ByteArrayDataSource;
import org.apache.axis2.client.Options;
import org.apache.axis2.databinding.ADBBean;
import org.apache.axis2.kernel.http.HTTPConstants;
import org.apache.axis2.transport.http.impl.httpclient4.HttpTransportPropertiesImpl;

/** Axis2 with what its WSDL2Java makes of the WSDL, called by reflection; see ../README.md. */
class Main {
  public static void main(String[] arguments) throws Exception {
    Logger log = Logger.getLogger("org.apache.axis2");
    log.setLevel(Level.OFF);
    HttpTransportPropertiesImpl.Authenticator login = new HttpTransportPropertiesImpl.Authenticator();
    login.setUsername(Json.setting(arguments[0], "user"));
    login.setPassword(Json.setting(arguments[0], "password"));
    AnnelidServiceStub stub = new AnnelidServiceStub(Json.setting(arguments[0], "endpoint"));
    Options options = stub._getServiceClient().getOptions();
    options.setProperty(HTTPConstants.AUTHENTICATE, login);
    // It cannot repeat what it sent in chunks, once it has been asked for credentials.
    options.setProperty(HTTPConstants.CHUNKED, false);
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    out.println("{\"version\":" + Json.write(version()) + "}");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<?> args = (List<?>) new Json(line.substring(line.indexOf("\"args\":") + 7)).read();
      out.println(answer(stub, Json.setting(line, "method"), args));
    }
  }

  static String version() {
    return Options.class.getPackage().getImplementationVersion();
  }

  static String answer(AnnelidServiceStub stub, String name, List<?> args) throws Exception {
    try {
      for (Method method : AnnelidServiceStub.class.getMethods()) {
        if (!method.getName().equals(name)) continue;
        Object[] given = new Object[args.size()];
        for (int at = 0; at < given.length; at++) {
          given[at] = nativeOf(method.getParameterTypes()[at], (List<?>) ((List<?>) args.get(at)).get(1));
        }
        return "{\"result\":" + Json.write(shown(method.invoke(stub, given))) + "}";
      }
      return failed("there is no method " + name);
    } catch (InvocationTargetException thrown) {
      if (!(thrown.getCause() instanceof ApiException)) return failed(String.valueOf(thrown.getCause()));
      AnnelidServiceStub.FaultInfo fault = ((ApiException) thrown.getCause()).getFaultMessage().getApiFault();
      return "{\"fault\":{\"code\":\"" + fault.getCode() + "\",\"kind\":" + Json.write(fault.getKind())
          + ",\"message\":" + Json.write(thrown.getCause().getMessage()) + "}}";
    } catch (IllegalArgumentException refused) {
      return failed(refused.getMessage());
    }
  }

  static String failed(String why) {
    return "{\"failed\":" + Json.write(why) + "}";
  }

  static final Map<String, Class<?>> undeclared = Map.of("bool", Boolean.class, "int", Integer.class, "number",
      Double.class, "string", String.class);

  static Object nativeOf(Class<?> type, List<?> told) throws Exception {
    String kind = (String) told.get(0);
    if (kind.equals("nil")) return null;
    if (kind.equals("any")) return nativeOf(type, (List<?>) told.get(1));
    if (type == Object.class) type = undeclared.get(kind);
    if (type == null) throw new IllegalArgumentException("there is no class for a " + kind);
    if (told.get(1) instanceof String) return scalar(type, (String) told.get(1));
    Object bean = type.getConstructor().newInstance();
    List<?> parts = (List<?>) told.get(1);
    if (!kind.equals("record")) {
      Method items = method(type, "set", "item");
      Class<?> item = items.getParameterTypes()[0].getComponentType();
      Object made = Array.newInstance(item, parts.size());
      for (int at = 0; at < parts.size(); at++) {
        List<?> part = (List<?>) parts.get(at);
        Array.set(made, at, nativeOf(item, kind.equals("list") ? part : List.of("record", List.of(
            List.of("key", List.of("string", part.get(0))), List.of("value", part.get(1))))));
      }
      items.invoke(bean, made);
      return bean;
    }
    for (Object part : parts) {
      Method field = method(type, "set", (String) ((List<?>) part).get(0));
      field.invoke(bean, nativeOf(field.getParameterTypes()[0], (List<?>) ((List<?>) part).get(1)));
    }
    return bean;
  }

  static Object scalar(Class<?> type, String text) {
    if (type == boolean.class || type == Boolean.class) return Boolean.valueOf(text);
    if (type == int.class || type == Integer.class) return Integer.valueOf(text);
    if (type == long.class || type == Long.class) return Long.valueOf(text);
    if (type == double.class || type == Double.class) return Double.valueOf(text);
    if (type == DataHandler.class) return new DataHandler(new ByteArrayDataSource(Base64.getDecoder().decode(text)));
    if (type != Calendar.class) return text;
    Calendar time = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
    time.setTimeInMillis(Instant.parse(text).toEpochMilli());
    return time;
  }

  /** The names in Java differ where a word is reserved. */
  static Method method(Class<?> type, String what, String name) {
    String property = name.substring(0, 1).toUpperCase() + name.substring(1);
    for (Method method : type.getMethods()) {
      if (method.getName().equals(what + property) || method.getName().equals(what + "_" + name)) return method;
    }
    throw new IllegalArgumentException(type + " has no " + name);
  }

  static List<?> shown(Object value) throws Exception {
    if (value == null) return List.of("nil", "");
    if (value instanceof Boolean) return List.of("bool", value.toString());
    if (value instanceof Integer || value instanceof Long) return List.of("int", value.toString());
    if (value instanceof Double) return List.of("number", value.toString());
    if (value instanceof String) return List.of("string", value);
    if (value instanceof Calendar) return List.of("time", ((Calendar) value).toInstant().toString());
    List<Object> parts = new ArrayList<>();
    if (value instanceof DataHandler) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ((DataHandler) value).writeTo(bytes);
      return List.of("bytes", Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
    if (value.getClass().isArray()) {
      for (int at = 0; at < Array.getLength(value); at++) parts.add(shown(Array.get(value, at)));
      return List.of("list", parts);
    }
    if (!(value instanceof ADBBean)) return List.of(value.getClass().getName(), value.toString());
    for (Field field : value.getClass().getDeclaredFields()) {
      if (!field.getName().startsWith("local") || field.getName().endsWith("Tracker")) continue;
      // `localName`, and `local_int` where that is a word of Java.
      String name = field.getName().substring("local".length()).replaceFirst("^_", "");
      name = name.substring(0, 1).toLowerCase() + name.substring(1);
      parts.add(List.of(name, shown(method(value.getClass(), "get", name).invoke(value))));
    }
    return List.of("struct", parts);
  }
}
