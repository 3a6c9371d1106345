/** The reference implementation of JAX-WS. */
class Library {
  /** What it logs under. */
  static final String log = "javax.xml.soap";

  static String version() {
    return com.sun.xml.ws.util.RuntimeVersion.VERSION.MAJOR_VERSION;
  }
}
