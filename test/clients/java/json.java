import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Of JSON only strings and arrays. */
class Json {
  /** A member of an object that is text. */
  static String setting(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    found.find();
    return found.group(1);
  }

  private final String text;
  private int at = 0;

  Json(String text) {
    this.text = text;
  }

  Object read() {
    if (text.charAt(at) == '"') return string();
    List<Object> items = new ArrayList<>();
    for (at++; text.charAt(at) != ']';) {
      items.add(read());
      if (text.charAt(at) == ',') at++;
    }
    at++;
    return items;
  }

  private String string() {
    StringBuilder made = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      if (text.charAt(at) != '\\') {
        made.append(text.charAt(at));
        continue;
      }
      char escaped = text.charAt(++at);
      int special = "bfnrt".indexOf(escaped);
      if (escaped == 'u') {
        made.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
        at += 4;
      } else made.append(special < 0 ? escaped : "\b\f\n\r\t".charAt(special));
    }
    at++;
    return made.toString();
  }

  static String write(Object value) {
    StringBuilder made = new StringBuilder();
    if (value instanceof List) {
      for (Object item : (List<?>) value) made.append(made.length() == 0 ? "" : ",").append(write(item));
      return "[" + made + "]";
    }
    for (char one : String.valueOf(value).toCharArray()) {
      made.append(one == '"' || one == '\\' || one < ' ' ? String.format("\\u%04x", (int) one) : one);
    }
    return "\"" + made + "\"";
  }
}
