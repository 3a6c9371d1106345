import annelid.AnnelidServiceLocator;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.axis.client.Stub;
import org.apache.axis.description.FieldDesc;
import org.apache.axis.description.TypeDesc;

/** Axis 1.4 with what its WSDL2Java makes of the WSDL, called by reflection; see ../README.md. */
class Main {
  public static void main(String[] arguments) throws Exception {
    Object stub = new AnnelidServiceLocator().getAnnelidPort(new URL(Json.setting(arguments[0], "endpoint")));
    ((Stub) stub).setUsername(Json.setting(arguments[0], "user"));
    ((Stub) stub).setPassword(Json.setting(arguments[0], "password"));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    out.println("{\"version\":" + Json.write(version()) + "}");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<?> args = (List<?>) new Json(line.substring(line.indexOf("\"args\":") + 7)).read();
      out.println(answer(stub, Json.setting(line, "method"), args));
    }
  }

  static String version() {
    Matcher found = Pattern.compile("[0-9.]+").matcher(org.apache.axis.Version.getVersion());
    found.find();
    return found.group();
  }

  static String answer(Object stub, String name, List<?> args) throws Exception {
    try {
      for (Method method : stub.getClass().getMethods()) {
        if (!method.getName().equals(name)) continue;
        Object[] given = new Object[args.size()];
        for (int at = 0; at < given.length; at++) {
          given[at] = nativeOf(method.getParameterTypes()[at], (List<?>) ((List<?>) args.get(at)).get(1));
        }
        return "{\"result\":" + Json.write(shown(method.invoke(stub, given))) + "}";
      }
      return failed("there is no method " + name);
    } catch (InvocationTargetException thrown) {
      if (!(thrown.getCause() instanceof annelid.FaultInfo)) return failed(String.valueOf(thrown.getCause()));
      annelid.FaultInfo fault = (annelid.FaultInfo) thrown.getCause();
      return "{\"fault\":{\"code\":\"" + fault.getCode() + "\",\"kind\":" + Json.write(fault.getKind())
          + ",\"message\":" + Json.write(fault.getFaultString()) + "}}";
    } catch (IllegalArgumentException refused) {
      return failed(refused.getMessage());
    }
  }

  static String failed(String why) {
    return "{\"failed\":" + Json.write(why) + "}";
  }

  static final Map<String, Class<?>> undeclared = Map.of("bool", Boolean.class, "int", Integer.class, "number",
      Double.class, "string", String.class, "list", Object[].class, "map", Map.class);

  static Object nativeOf(Class<?> type, List<?> told) throws Exception {
    String kind = (String) told.get(0);
    if (kind.equals("nil")) {
      if (type.isPrimitive()) throw new IllegalArgumentException("a parameter of " + type + " cannot be left out");
      return null;
    }
    if (kind.equals("any")) return nativeOf(type, (List<?>) told.get(1));
    if (type == Object.class) type = undeclared.get(kind);
    if (told.get(1) instanceof String) return scalar(type, (String) told.get(1));
    List<?> parts = (List<?>) told.get(1);
    if (type.isArray()) {
      Object array = Array.newInstance(type.getComponentType(), parts.size());
      for (int at = 0; at < parts.size(); at++) {
        List<?> part = (List<?>) parts.get(at);
        List<?> item = kind.equals("list") ? part : List.of("record", List.of(
            List.of("key", List.of("string", part.get(0))), List.of("value", part.get(1))));
        Array.set(array, at, nativeOf(type.getComponentType(), item));
      }
      return array;
    }
    if (kind.equals("map")) {
      HashMap<Object, Object> map = new HashMap<>();
      for (Object part : parts) map.put(((List<?>) part).get(0), ((List<?>) ((List<?>) part).get(1)).get(1));
      return map;
    }
    Object bean = type.getConstructor().newInstance();
    for (Object part : parts) {
      String field = property(type, (String) ((List<?>) part).get(0));
      Class<?> wanted = getter(type, field).getReturnType();
      type.getMethod("set" + field, wanted).invoke(bean, nativeOf(wanted, (List<?>) ((List<?>) part).get(1)));
    }
    return bean;
  }

  static Object scalar(Class<?> type, String text) {
    if (type == boolean.class || type == Boolean.class) return Boolean.valueOf(text);
    if (type == int.class || type == Integer.class) return Integer.valueOf(text);
    if (type == long.class || type == Long.class) return Long.valueOf(text);
    if (type == double.class || type == Double.class) return Double.valueOf(text);
    if (type == byte[].class) return Base64.getDecoder().decode(text);
    if (type != Calendar.class) return text;
    Calendar time = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
    time.setTimeInMillis(Instant.parse(text).toEpochMilli());
    return time;
  }

  /** The names in Java differ where a word is reserved. */
  static String property(Class<?> type, String name) {
    for (FieldDesc field : TypeDesc.getTypeDescForClass(type).getFields()) {
      if (field.getXmlName().getLocalPart().equals(name)) return capital(field.getFieldName());
    }
    throw new IllegalArgumentException(type + " has no " + name);
  }

  static Method getter(Class<?> type, String property) throws NoSuchMethodException {
    try {
      return type.getMethod("get" + property);
    } catch (NoSuchMethodException forTruth) {
      return type.getMethod("is" + property);
    }
  }

  static String capital(String name) {
    return name.substring(0, 1).toUpperCase() + name.substring(1);
  }

  static List<?> shown(Object value) throws Exception {
    if (value == null) return List.of("nil", "");
    if (value instanceof Boolean) return List.of("bool", value.toString());
    if (value instanceof Integer || value instanceof Long) return List.of("int", value.toString());
    if (value instanceof Double) return List.of("number", value.toString());
    if (value instanceof String) return List.of("string", value);
    if (value instanceof byte[]) return List.of("bytes", Base64.getEncoder().encodeToString((byte[]) value));
    if (value instanceof Calendar) return List.of("time", ((Calendar) value).toInstant().toString());
    List<Object> parts = new ArrayList<>();
    if (value.getClass().isArray()) {
      for (int at = 0; at < Array.getLength(value); at++) parts.add(shown(Array.get(value, at)));
      return List.of("list", parts);
    }
    if (value instanceof Map) {
      for (Map.Entry<?, ?> one : ((Map<?, ?>) value).entrySet()) parts.add(List.of(one.getKey(), shown(one.getValue())));
      return List.of("struct", parts);
    }
    TypeDesc type = TypeDesc.getTypeDescForClass(value.getClass());
    if (type == null) return List.of(value.getClass().getName(), value.toString());
    for (FieldDesc field : type.getFields()) {
      String name = field.getXmlName().getLocalPart();
      parts.add(List.of(name, shown(getter(value.getClass(), capital(field.getFieldName())).invoke(value))));
    }
    return List.of("struct", parts);
  }
}
