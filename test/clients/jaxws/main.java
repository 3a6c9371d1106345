import annelid.AnnelidService;
import annelid.ApiException;
import annelid.FaultInfo;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.net.URL;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.xml.bind.annotation.XmlElement;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.ws.BindingProvider;

/** JAX-WS with what the generator of a library makes of the WSDL, called by reflection; see ../README.md. */
class Main {
  public static void main(String[] arguments) throws Exception {
    Logger log = Logger.getLogger(Library.log);
    log.setLevel(Level.OFF);
    String scenario = arguments[0];
    Object port = new AnnelidService(new URL(Json.setting(scenario, "wsdl"))).getAnnelidPort();
    Map<String, Object> context = ((BindingProvider) port).getRequestContext();
    context.put(BindingProvider.USERNAME_PROPERTY, Json.setting(scenario, "user"));
    context.put(BindingProvider.PASSWORD_PROPERTY, Json.setting(scenario, "password"));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    out.println("{\"version\":" + Json.write(Library.version()) + "}");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<?> args = (List<?>) new Json(line.substring(line.indexOf("\"args\":") + 7)).read();
      out.println(answer(port, Json.setting(line, "method"), args));
    }
  }

  static String answer(Object port, String name, List<?> args) throws Exception {
    try {
      for (Method method : annelid.Annelid.class.getMethods()) {
        if (!method.getName().equals(name)) continue;
        Object[] given = new Object[args.size()];
        for (int at = 0; at < given.length; at++) {
          given[at] = nativeOf(method.getParameterTypes()[at], (List<?>) ((List<?>) args.get(at)).get(1));
        }
        return "{\"result\":" + Json.write(shown(method.invoke(port, given))) + "}";
      }
      return failed("there is no method " + name);
    } catch (InvocationTargetException thrown) {
      if (!(thrown.getCause() instanceof ApiException)) return failed(String.valueOf(thrown.getCause()));
      ApiException fault = (ApiException) thrown.getCause();
      FaultInfo info = fault.getFaultInfo();
      return "{\"fault\":{\"code\":\"" + info.getCode() + "\",\"kind\":" + Json.write(info.getKind())
          + ",\"message\":" + Json.write(fault.getMessage()) + "}}";
    } catch (IllegalArgumentException refused) {
      return failed(refused.getMessage());
    }
  }

  static String failed(String why) {
    return "{\"failed\":" + Json.write(why) + "}";
  }

  static final Map<String, Class<?>> scalars = Map.of("bool", Boolean.class, "int", Integer.class, "number",
      Double.class, "string", String.class);

  /** Where nothing is declared anything, no class is made for its lists and maps. */
  static Class<?> undeclared(String kind) throws ClassNotFoundException {
    Class<?> scalar = scalars.get(kind);
    return scalar == null ? Class.forName(kind.equals("list") ? "annelid.List" : "annelid.Map") : scalar;
  }

  static Object nativeOf(Class<?> type, List<?> told) throws Exception {
    String kind = (String) told.get(0);
    if (kind.equals("nil")) {
      if (type.isPrimitive()) throw new IllegalArgumentException("a parameter of " + type + " cannot be left out");
      return null;
    }
    if (kind.equals("any")) return nativeOf(type, (List<?>) told.get(1));
    if (type == Object.class) type = undeclared(kind);
    if (told.get(1) instanceof String) return scalar(type, (String) told.get(1));
    Object bean = type.getConstructor().newInstance();
    List<?> parts = (List<?>) told.get(1);
    if (kind.equals("record")) {
      for (Object part : parts) {
        Field field = field(type, (String) ((List<?>) part).get(0));
        field.set(bean, nativeOf(field.getType(), (List<?>) ((List<?>) part).get(1)));
      }
      return bean;
    }
    Field items = field(type, "item");
    Class<?> item = (Class<?>) ((ParameterizedType) items.getGenericType()).getActualTypeArguments()[0];
    List<Object> made = new ArrayList<>();
    for (Object part : parts) {
      made.add(nativeOf(item, kind.equals("list") ? (List<?>) part : List.of("record", List.of(
          List.of("key", List.of("string", ((List<?>) part).get(0))), List.of("value", ((List<?>) part).get(1))))));
    }
    items.set(bean, made);
    return bean;
  }

  static Object scalar(Class<?> type, String text) throws Exception {
    if (type == boolean.class || type == Boolean.class) return Boolean.valueOf(text);
    if (type == int.class || type == Integer.class) return Integer.valueOf(text);
    if (type == long.class || type == Long.class) return Long.valueOf(text);
    if (type == double.class || type == Double.class) return Double.valueOf(text);
    if (type == byte[].class) return Base64.getDecoder().decode(text);
    return type == XMLGregorianCalendar.class ? DatatypeFactory.newInstance().newXMLGregorianCalendar(text) : text;
  }

  /** The names in Java differ where a word is reserved. */
  static Field field(Class<?> type, String name) {
    for (Field field : type.getDeclaredFields()) {
      if (!nameOf(field).equals(name)) continue;
      field.setAccessible(true);
      return field;
    }
    throw new IllegalArgumentException(type + " has no " + name);
  }

  static String nameOf(Field field) {
    XmlElement element = field.getAnnotation(XmlElement.class);
    return element == null || element.name().equals("##default") ? field.getName() : element.name();
  }

  /** Of what is in an element of any type. */
  static List<?> itemsOf(Object bean) throws IllegalAccessException {
    Object items = field(bean.getClass(), "item").get(bean);
    return items == null ? List.of() : (List<?>) items;
  }

  static List<?> shown(Object value) throws Exception {
    if (value == null) return List.of("nil", "");
    if (value instanceof Boolean) return List.of("bool", value.toString());
    if (value instanceof Integer || value instanceof Long) return List.of("int", value.toString());
    if (value instanceof Double) return List.of("number", value.toString());
    if (value instanceof String) return List.of("string", value);
    if (value instanceof byte[]) return List.of("bytes", Base64.getEncoder().encodeToString((byte[]) value));
    if (value instanceof XMLGregorianCalendar) return List.of("time", ((XMLGregorianCalendar) value).toXMLFormat());
    List<Object> parts = new ArrayList<>();
    if (value instanceof List) {
      for (Object item : (List<?>) value) parts.add(shown(item));
      return List.of("list", parts);
    }
    if (value.getClass().getPackage() != AnnelidService.class.getPackage()) {
      return List.of(value.getClass().getName(), value.toString());
    }
    if (value.getClass().getSimpleName().equals("List")) return shown(itemsOf(value));
    if (value.getClass().getSimpleName().equals("Map")) {
      for (Object item : itemsOf(value)) {
        parts.add(List.of(field(item.getClass(), "key").get(item), shown(field(item.getClass(), "value").get(item))));
      }
      return List.of("struct", parts);
    }
    for (Field field : value.getClass().getDeclaredFields()) {
      field.setAccessible(true);
      Object member = field.get(value);
      parts.add(List.of(nameOf(field), shown(member == null && field.getType() == List.class ? List.of() : member)));
    }
    return List.of("struct", parts);
  }
}
