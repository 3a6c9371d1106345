/** Programs that are made from the WSDL by the generators of their libraries. What takes long is kept, by what it is made from. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { soap12 } from '../../daemon/frontends/soap/message/names.ts';
import { hurry, jarsOf } from '../setup/jars.ts';
import { apacheXmlrpc, apacheXmlrpc2, axis2 as axis2Jars, cxf as cxfJars } from '../setup/packages.ts';
import { root } from '../support/annelid.ts';
import type { PlannedCall } from './client.ts';
import { gsoapCalls } from './gsoap-calls.ts';

const work = join(root, 'test/.work');
const here = (file: string) => join(import.meta.dirname, file);

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
};

/** Where a daemon listens is no part of its contract. */
const withoutAddress = (wsdl: string) => wsdl.replace(/ location="http:..[^/]*/g, ' location="http://127.0.0.1');

/** A directory of its own for what `make` makes of the sources; made anew when one of them changes. */
const kept = async (
  name: string,
  sources: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> => {
  const hash = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16);
  const directory = join(work, `${name}-${hash}`);
  if (await exists(directory)) return directory;
  await mkdir(work, { recursive: true });
  const made = await mkdtemp(join(work, `${name}-making-`));
  try {
    await make(made);
    await rename(made, directory);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    // Another run may have been faster.
    if (!(await exists(directory))) throw error;
  }
  return directory;
};

const java = '/usr/share/java';
/** Debian puts each jar there under its bare name, too. */
const axisJars =
  /^(?:axis|axis-jaxrpc|axis-saaj|wsdl4j|jaxrpc|saaj|commons-logging|commons-discovery|javax\.activation|javax\.mail)\.jar$/;

/** The program of a library for Java, and what it shares with others. */
const javaSources = async (library: string, ...shared: string[]): Promise<{ files: string[]; texts: string[] }> => {
  const files = [`${library}/main.java`, 'java/json.java', ...shared].map(here);
  return { files, texts: await Promise.all(files.map((file) => readFile(file, 'utf8'))) };
};

const compileJava = async (made: string, classpath: readonly string[], files: readonly string[]): Promise<void> => {
  const options = ['-nowarn', '-proc:none', '-encoding', 'UTF-8', '-cp', classpath.join(':'), '-d', made];
  await execa('javac', [...hurry.map((option) => `-J${option}`), ...options, ...files]);
};
/** The sources that a generator made, in the package `annelid`. */
const generatedIn = async (made: string): Promise<string[]> =>
  (await readdir(join(made, 'annelid'))).map((name) => join(made, 'annelid', name));
const runJava = (classpath: readonly string[], ...args: string[]): readonly string[] => [
  // Apache's second client for XML-RPC reads replies as the locale says, which may have no UTF-8.
  ...['java', ...hurry, '-Dfile.encoding=UTF-8', '-cp', classpath.join(':'), 'Main'],
  ...args,
];

/** Axis 1.4: its WSDL2Java makes the classes, and `axis/main.java` calls them by reflection. */
export const axis = async (given: string): Promise<readonly string[]> => {
  const wsdl = withoutAddress(given);
  const sources = await javaSources('axis');
  const jars = (await readdir(java)).filter((name) => axisJars.test(name)).map((name) => join(java, name));
  const directory = await kept('axis', [wsdl, ...sources.texts], async (made) => {
    const classpath = [made, ...jars];
    await writeFile(join(made, 'annelid.wsdl'), wsdl);
    const files = ['-p', 'annelid', '-o', made, join(made, 'annelid.wsdl')];
    await execa('java', [...hurry, '-cp', classpath.join(':'), 'org.apache.axis.wsdl.WSDL2Java', ...files]);
    await compileJava(made, classpath, [...sources.files, ...(await generatedIn(made))]);
  });
  return runJava([directory, ...jars]);
};

/** JAX-WS: its wsimport makes the classes, and `jaxws/main.java` calls them by reflection. */
export const jaxws = async (given: string): Promise<readonly string[]> => {
  const wsdl = withoutAddress(given);
  const sources = await javaSources('jaxws', 'jaxws/metro.java');
  // Its manifest names the jars that it needs, and theirs those that they need.
  const tools = join(java, 'jaxws-tools.jar');
  const directory = await kept('jaxws', [wsdl, ...sources.texts], async (made) => {
    const file = join(made, 'annelid.wsdl');
    await writeFile(file, wsdl);
    const where = ['-wsdllocation', 'annelid.wsdl', '-d', made, '-p', 'annelid'];
    const env = { WSIMPORT_OPTS: hurry.join(' ') };
    await execa('wsimport', ['-quiet', '-extension', '-Xnocompile', '-keep', ...where, file], { env });
    await compileJava(made, [made, tools], [...sources.files, ...(await generatedIn(made))]);
  });
  return runJava([directory, tools]);
};

/** CXF: its wsdl2java makes the classes, and the program for JAX-WS calls them: only names of packages have changed since. */
export const cxf = async (given: string): Promise<readonly string[]> => {
  const wsdl = withoutAddress(given);
  const { files, texts } = await javaSources('jaxws', 'jaxws/cxf.java');
  const [main, ...others] = files;
  const jars = await jarsOf(cxfJars);
  const directory = await kept('cxf', [wsdl, ...jars, ...texts], async (made) => {
    const file = join(made, 'annelid.wsdl');
    await writeFile(file, wsdl);
    const options = ['-p', 'annelid', '-d', made, file];
    await execa('java', [...hurry, '-cp', jars.join(':'), 'org.apache.cxf.tools.wsdlto.WSDLToJava', ...options]);
    const renamed = (await readFile(main!, 'utf8')).replace(/javax\.xml\.(?=bind|ws)/g, 'jakarta.xml.');
    await writeFile(join(made, 'main.java'), renamed);
    await compileJava(made, [made, ...jars], [join(made, 'main.java'), ...others, ...(await generatedIn(made))]);
  });
  return runJava([directory, ...jars]);
};

/** Axis2: its WSDL2Java makes one class with all in it, and `axis2/main.java` calls that by reflection. */
export const axis2 = async (given: string): Promise<readonly string[]> => {
  const wsdl = withoutAddress(given);
  const sources = await javaSources('axis2');
  const jars = await jarsOf(axis2Jars);
  const directory = await kept('axis2', [wsdl, ...jars, ...sources.texts], async (made) => {
    const file = join(made, 'annelid.wsdl');
    await writeFile(file, wsdl);
    // With a parameter for each of an operation, and classes for scalars that may be nil.
    const options = ['-s', '-uw', '-Euwc', 'true', '-S', '.', '-p', 'annelid', '-o', made, '-uri', file];
    await execa('java', [...hurry, '-cp', jars.join(':'), 'org.apache.axis2.wsdl.WSDL2Java', ...options]);
    await compileJava(made, [made, ...jars], [...sources.files, ...(await generatedIn(made))]);
  });
  return runJava([directory, ...jars]);
};

/** ASP.NET as Mono has it: its wsdl makes the classes, and `dotnet/main.cs` calls them by reflection. */
export const dotnet = async (given: string): Promise<readonly string[]> => {
  const wsdl = withoutAddress(given);
  const main = here('dotnet/main.cs');
  const directory = await kept('dotnet', [wsdl, await readFile(main, 'utf8')], async (made) => {
    const options = { cwd: made };
    await writeFile(join(made, 'annelid.wsdl'), wsdl);
    const protocol = wsdl.includes(soap12.binding) ? ['-protocol:SOAP12'] : [];
    await execa('wsdl', ['-nologo', ...protocol, '-out:annelid.cs', 'annelid.wsdl'], options);
    const libraries = ['-r:System.Web.Services', '-r:System.Json'];
    await execa('mcs', ['-nologo', ...libraries, '-out:client.exe', 'annelid.cs', main], options);
  });
  return ['mono', join(directory, 'client.exe')];
};

/** gSOAP: wsdl2h and soapcpp2 make the C, `gsoap-calls.ts` what fills in its structs and shows them. */
export const gsoap = async (given: string, calls: readonly PlannedCall[]): Promise<readonly string[]> => {
  const wsdl = withoutAddress(given);
  const main = await readFile(here('gsoap/main.c'), 'utf8');
  const generator = await readFile(here('gsoap-calls.ts'), 'utf8');
  // Values come with the calls; only what is given decides what is compiled.
  const structure = calls.map(({ method, params }) => [method.name, shapeOf(params)]);
  const directory = await kept('gsoap', [wsdl, main, generator, JSON.stringify(structure)], async (made) => {
    const options = { cwd: made };
    await writeFile(join(made, 'annelid.wsdl'), wsdl);
    await execa('wsdl2h', ['-c', '-o', 'annelid.h', 'annelid.wsdl'], options);
    await execa('soapcpp2', ['-c', '-C', '-L', '-x', 'annelid.h'], options);
    const stub = await readFile(join(made, 'soapStub.h'), 'utf8');
    await writeFile(join(made, 'calls.h'), gsoapCalls(stub, calls));
    const sources = [here('gsoap/main.c'), 'soapC.c', 'soapClient.c'];
    await execa('gcc', ['-w', '-I', made, ...sources, '-lgsoap', '-o', 'client'], options);
  });
  return [join(directory, 'client')];
};

/** Of a value only which fields and items it has. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([name, member]) => [name, shapeOf(member)]);
};

/** xmlrpc-c's library; what is generated from the WSDL is nothing to it. */
export const xmlrpcC = async (): Promise<readonly string[]> => {
  const main = here('xmlrpc-c-library/main.c');
  const directory = await kept('xmlrpc-c', [await readFile(main, 'utf8')], async (made) => {
    const libraries = ['-lxmlrpc_client', '-lxmlrpc', '-lxmlrpc_util'];
    await execa('gcc', ['-D_GNU_SOURCE', '-Wall', '-Werror', main, ...libraries, '-o', join(made, 'client')]);
  });
  return [join(directory, 'client')];
};

/** libsoup 2.4: version 3 has no XML-RPC. */
export const libsoup = async (): Promise<readonly string[]> => {
  const main = here('libsoup/main.c');
  const directory = await kept('libsoup', [await readFile(main, 'utf8')], async (made) => {
    const { stdout } = await execa('pkg-config', ['--cflags', '--libs', 'libsoup-2.4', 'json-glib-1.0']);
    const options = [...stdout.trim().split(' '), '-o', join(made, 'client')];
    await execa('gcc', ['-D_GNU_SOURCE', '-Wall', '-Werror', main, ...options]);
  });
  return [join(directory, 'client')];
};

/** A library for XML-RPC in Java: there is nothing to generate. */
const javaXmlrpc = async (library: string, jars: readonly string[], ...args: string[]): Promise<readonly string[]> => {
  const { files, texts } = await javaSources(library, 'java/calls.java', 'java/values.java');
  const directory = await kept(library, [...jars, ...texts], (made) => compileJava(made, jars, files));
  return runJava([directory, ...jars], ...args);
};
export const axmlrpc = () => javaXmlrpc('java-axmlrpc', [join(java, 'axmlrpc.jar')]);
export const apache =
  (...args: string[]) =>
  async () =>
    javaXmlrpc('java-apache', await jarsOf(apacheXmlrpc), ...args);
export const apache2 = async () =>
  javaXmlrpc('java-apache2', [...(await jarsOf(apacheXmlrpc2)), join(java, 'commons-codec.jar')]);

/** kolo's library for Go, in the version that go.mod says. */
export const kolo = async (): Promise<readonly string[]> => {
  const folder = here('go-kolo');
  const files = await Promise.all(['main.go', 'go.mod'].map((name) => readFile(join(folder, name), 'utf8')));
  const directory = await kept('go-kolo', files, async (made) => {
    await execa('go', ['build', '-o', join(made, 'client')], { cwd: folder });
  });
  return [join(directory, 'client')];
};
