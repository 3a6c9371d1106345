/** Libraries for Java that Debian has no package of, from Maven's repository. They are kept in `test/.work/`, which is in no commit. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface JarRow {
  group: string;
  artifact: string;
  version: string;
  /** Other artifacts of the group, in that version, which it does not name and needs. */
  others?: readonly string[];
}

/** Options of a virtual machine that runs for seconds: what makes long programs fast costs such a one half of its time. */
export const hurry = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

const work = join(import.meta.dirname, '../.work');

/** Where the jar of a library is, with those that it needs. */
export const jarFolder = ({ artifact, version }: JarRow): string => join(work, `jars-${artifact}-${version}`);

/** Each jar of a library, and of what it needs. */
export const jarsOf = async (row: JarRow): Promise<string[]> =>
  (await readdir(jarFolder(row))).map((name) => join(jarFolder(row), name));

const dependency = (group: string, artifact: string, version: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const project = ({ group, artifact, version, others = [] }: JarRow): string => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>annelid</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${[artifact, ...others].map((one) => dependency(group, one, version)).join('\n    ')}
  </dependencies>
</project>
`;

/** Throws when Maven cannot get it. */
export const fetchJars = async (row: JarRow): Promise<void> => {
  const target = jarFolder(row);
  if (existsSync(target)) return;
  await mkdir(work, { recursive: true });
  const directory = await mkdtemp(join(work, 'fetching-'));
  try {
    await writeFile(join(directory, 'pom.xml'), project(row));
    const options = ['-q', '-B', '-DoutputDirectory=jars', '-DincludeScope=runtime'];
    const env = { MAVEN_OPTS: hurry.join(' ') };
    await execa('mvn', [...options, 'dependency:copy-dependencies'], { cwd: directory, stdin: 'ignore', env });
    await rename(join(directory, 'jars'), target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
