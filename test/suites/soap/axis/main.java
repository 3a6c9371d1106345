import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import junit.framework.AssertionFailedError;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestListener;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.apache.axis.wsdl.toJava.Emitter;

/**
 * Runs tests of Axis: makes the client of each from the WSDL that is served, compiles all of it with the tests, and calls
 * the services. Given a directory to work in, and five words for each test: the class, its source, the address, `wrap` or
 * `plain` for how arrays are, and packages as `namespace=package,...`. Prints `class#test`, a tab, and what was wrong.
 */
public class main {
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        List<String> sources = new ArrayList<>();
        for (int at = 1; at < args.length; at += 5) {
            generate(directory, args[at + 2], args[at + 3].equals("wrap"), args[at + 4]);
            sources.add(args[at + 1]);
        }
        try (var files = Files.walk(directory)) {
            files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(sources::add);
        }
        compile(directory, sources);
        try (var loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            Thread.currentThread().setContextClassLoader(loader);
            for (int at = 1; at < args.length; at += 5) run(loader.loadClass(args[at]), new URL(args[at + 2]));
        }
    }

    private static void generate(Path directory, String address, boolean wrap, String packages) throws Exception {
        HashMap<String, String> names = new HashMap<>();
        for (String one : packages.split(",")) {
            int middle = one.lastIndexOf('=');
            names.put(one.substring(0, middle), one.substring(middle + 1));
        }
        Emitter emitter = new Emitter();
        emitter.setOutputDir(directory.toString());
        emitter.setNamespaceMap(names);
        emitter.setWrapArrays(wrap);
        emitter.run(address + "?wsdl");
    }

    private static void compile(Path directory, List<String> sources) {
        List<String> options = new ArrayList<>(List.of("-nowarn", "-d", directory.toString()));
        options.addAll(List.of("-cp", System.getProperty("java.class.path")));
        options.addAll(sources);
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, complaints, options.toArray(new String[0]));
        if (code != 0) throw new IllegalStateException(complaints.toString());
    }

    private static void run(Class<?> of, URL address) throws Exception {
        // A test without it calls the address in the WSDL, which is the same.
        for (Field field : of.getFields()) if (field.getName().equals("url")) field.set(null, address);
        Map<Test, Throwable> wrong = new HashMap<>();
        TestResult result = new TestResult();
        result.addListener(new TestListener() {
            public void addError(Test test, Throwable error) { wrong.put(test, error); }
            public void addFailure(Test test, AssertionFailedError failure) { wrong.put(test, failure); }
            public void startTest(Test test) {}
            public void endTest(Test test) {
                String name = of.getSimpleName() + "#" + ((TestCase) test).getName();
                System.out.println(name + "\t" + (wrong.containsKey(test) ? said(wrong.get(test)) : ""));
            }
        });
        new TestSuite(of).run(result);
    }

    private static String said(Throwable error) {
        return String.valueOf(error).replaceAll("\\s+", " ").trim();
    }
}
