import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Calendar;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.UnaryOperator;

/** Values as the libraries for XML-RPC have them: what they are given, and what they give. */
class Values {
  /** Whether there are elements for integers of 64 bits and for times with milliseconds; the first are digits otherwise. */
  static boolean extended = false;

  /** What becomes of the name of a member. */
  static UnaryOperator<String> name = UnaryOperator.identity();

  static Object[] natives(List<?> told) {
    return told.stream().map((one) -> nativeOf((List<?>) one)).toArray();
  }

  static Object nativeOf(List<?> told) {
    Object value = told.get(1);
    switch ((String) told.get(0)) {
      case "nil": return null;
      case "any": return nativeOf((List<?>) value);
      case "bool": return Boolean.valueOf((String) value);
      case "int": return Integer.valueOf((String) value);
      case "counter": return extended ? (Object) Long.valueOf((String) value) : value;
      case "number": return Double.valueOf((String) value);
      case "time":
        Date time = Date.from(Instant.parse((String) value));
        return extended ? new Calendar.Builder().setTimeZone(TimeZone.getTimeZone("UTC")).setInstant(time).build() : time;
      case "bytes": return Base64.getDecoder().decode((String) value);
      case "list": return natives((List<?>) value);
      case "record":
      case "map":
        Map<String, Object> map = new LinkedHashMap<>();
        for (Object one : (List<?>) value) {
          List<?> part = (List<?>) one;
          map.put(name.apply((String) part.get(0)), nativeOf((List<?>) part.get(1)));
        }
        return map;
      default: return value;
    }
  }

  static List<?> shown(Object value) {
    if (value == null) return List.of("nil", "");
    if (value instanceof Boolean) return List.of("bool", value.toString());
    if (value instanceof Integer || value instanceof Long) return List.of("int", value.toString());
    if (value instanceof Double) return List.of("number", value.toString());
    if (value instanceof String) return List.of("string", value);
    if (value instanceof Date) return List.of("time", ((Date) value).toInstant().toString());
    if (value instanceof Calendar) return List.of("time", ((Calendar) value).toInstant().toString());
    if (value instanceof byte[]) return List.of("bytes", Base64.getEncoder().encodeToString((byte[]) value));
    List<Object> parts = new ArrayList<>();
    if (value instanceof Object[]) {
      for (Object item : (Object[]) value) parts.add(shown(item));
      return List.of("list", parts);
    }
    if (!(value instanceof Map)) return List.of(value.getClass().getName(), value.toString());
    for (Map.Entry<?, ?> one : ((Map<?, ?>) value).entrySet()) parts.add(Arrays.asList(one.getKey(), shown(one.getValue())));
    return List.of("struct", parts);
  }
}
