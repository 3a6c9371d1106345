/** Apache CXF. */
class Library {
  /** What it logs under. */
  static final String log = "org.apache.cxf";

  static String version() {
    return org.apache.cxf.version.Version.getCurrentVersion();
  }
}
