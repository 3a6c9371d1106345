import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import java.util.Properties;

/** The calls that come in lines, and the answers to them; see ../README.md. */
class Calls {
  interface Callee {
    /** Makes a call, and says in JSON what came of it. */
    String call(String method, List<?> args);
  }

  /** `artifact` is what the library is called where Maven looks for it: its jar says there which version it is. */
  static void answer(String artifact, Callee callee) throws IOException {
    Properties made = new Properties();
    made.load(Calls.class.getResourceAsStream("/META-INF/maven/" + artifact + "/pom.properties"));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    out.println("{\"version\":" + Json.write(made.getProperty("version")) + "}");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<?> args = (List<?>) new Json(line.substring(line.indexOf("\"args\":") + 7)).read();
      out.println(callee.call(Json.setting(line, "method"), args));
    }
  }

  static String result(List<?> shown) {
    return "{\"result\":" + Json.write(shown) + "}";
  }

  static String fault(int code, String message) {
    return "{\"fault\":{\"code\":\"" + code + "\",\"message\":" + Json.write(message) + "}}";
  }

  static String failed(Exception why) {
    return "{\"failed\":" + Json.write(why.toString()) + "}";
  }
}
