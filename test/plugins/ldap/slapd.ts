/** A real directory, OpenLDAP's slapd, on a loopback port and with a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathWithSbin } from '../../setup/packages.ts';
import { makeCertificate } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';

export const base = 'dc=example,dc=org';
export const reader = { bindDn: `cn=reader,${base}`, bindPassword: 'reader-secret-4711' };
export const secretOf = (login: string): string => `${login}-secret-0815`;

const person = (login: string, attributes: Record<string, string>) => ({
  dn: `uid=${login},ou=people,${base}`,
  objectClass: 'inetOrgPerson',
  uid: login,
  cn: login,
  sn: login,
  userPassword: secretOf(login),
  ...attributes,
});
const group = (name: string, ...logins: string[]) => ({
  dn: `cn=${name},ou=groups,${base}`,
  objectClass: 'groupOfNames',
  cn: name,
  member: logins.map((login) => `uid=${login},ou=people,${base}`),
});

/** Members of a large group who are in no other. */
const many = Array.from({ length: 3000 }, (_, at) => `many-${at}`);

/** Ann and Cat operate machines of acme, Ben only reads those of bobs, Dan is in no group, Eva of no account; two are called twin. Zoé is the last in a group of thousands. */
const entries = [
  { dn: base, objectClass: ['dcObject', 'organization'], dc: 'example', o: 'example' },
  { dn: `ou=people,${base}`, objectClass: 'organizationalUnit', ou: 'people' },
  { dn: `ou=more,ou=people,${base}`, objectClass: 'organizationalUnit', ou: 'more' },
  { dn: `ou=groups,${base}`, objectClass: 'organizationalUnit', ou: 'groups' },
  {
    dn: reader.bindDn,
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: 'reader',
    userPassword: reader.bindPassword,
  },
  person('ann', { departmentNumber: 'acme' }),
  person('cat', { departmentNumber: 'acme' }),
  person('ben', { departmentNumber: 'bobs' }),
  person('dan', { departmentNumber: 'acme' }),
  person('eva', {}),
  person('twin', { departmentNumber: 'acme' }),
  { ...person('twin', { departmentNumber: 'acme' }), dn: `uid=twin,ou=more,ou=people,${base}` },
  person('zoé', { departmentNumber: 'acme' }),
  group('operators', 'ann', 'cat', 'eva', 'twin', ...many, 'zoé'),
  group('watchers', 'ben', 'ann'),
  group('admins', 'cat'),
];

const ldif = entries
  .map((entry) =>
    Object.entries(entry)
      .flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\n`))
      .join(''),
  )
  .join('\n');

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const left = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of left) child.kill('SIGKILL');
});

export class Slapd {
  readonly #folder: string;
  readonly #port: number;
  readonly ca: string;
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number, ca: string) {
    this.#folder = folder;
    this.#port = port;
    this.ca = ca;
  }

  static async make({ tls = true } = {}): Promise<Slapd> {
    const folder = mkdtempSync(join(tmpdir(), 'annelid-slapd-'));
    mkdirSync(join(folder, 'data'));
    const { cert, key } = makeCertificate(folder);
    const configuration = [
      ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      ...(tls ? [`TLSCertificateFile ${cert}`, `TLSCertificateKeyFile ${key}`] : []),
      'database mdb',
      `suffix "${base}"`,
      `directory ${join(folder, 'data')}`,
      'access to attrs=userPassword by anonymous auth by * none',
      `access to * by dn.exact="${reader.bindDn}" read by * none`,
    ];
    writeFileSync(join(folder, 'slapd.conf'), `${configuration.join('\n')}\n`);
    writeFileSync(join(folder, 'people.ldif'), ldif);
    const env = { PATH: pathWithSbin };
    execFileSync('slapadd', ['-f', join(folder, 'slapd.conf'), '-l', join(folder, 'people.ldif')], {
      env,
      stdio: 'pipe',
    });
    return new Slapd(folder, await freePort(), cert);
  }

  url(host = '127.0.0.1'): string {
    return `ldap://${host}:${this.#port}`;
  }

  async start(): Promise<void> {
    const args = ['-f', join(this.#folder, 'slapd.conf'), '-h', this.url(), '-d', '0'];
    const child = spawn('slapd', args, { env: { PATH: pathWithSbin }, stdio: 'ignore' });
    this.#child = child;
    left.add(child);
    child.once('exit', () => left.delete(child));
    while (!(await answers(this.#port))) {
      if (child.exitCode !== null) throw new Error(`slapd ended with ${child.exitCode}.`);
      await delay(20);
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  async discard(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
