/** Certificates that sign themselves. */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

/** A new one for `localhost` with its key, as PEM files in a folder; answers their paths. */
export const makeCertificate = (folder: string, name = ''): { cert: string; key: string } => {
  const [cert, key] = [join(folder, `${name}cert.pem`), join(folder, `${name}key.pem`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { cert, key };
};

/** A pair for a name that another has signed. */
export const signCertificate = (
  folder: string,
  name: string,
  ca: { cert: string; key: string },
  host = 'localhost',
) => {
  const [cert, key, request] = ['cert', 'key', 'request'].map((what) => join(folder, `${name}-${what}.pem`)) as [
    string,
    string,
    string,
  ];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${host}`];
  execFileSync('openssl', ['req', ...curve, ...names, '-keyout', key, '-out', request], { stdio: 'pipe' });
  const signing = ['-CA', ca.cert, '-CAkey', ca.key, '-copy_extensions', 'copyall', '-days', '2'];
  execFileSync('openssl', ['x509', '-req', '-in', request, ...signing, '-out', cert], { stdio: 'pipe' });
  return { cert, key };
};

/** A copy of the pair of that name as `expired`, whose time was over before it began. */
export const expire = (
  folder: string,
  name: string,
  ca: { cert: string; key: string },
): { cert: string; key: string } => {
  const [request, cert, key] = [`${name}-request.pem`, 'expired-cert.pem', 'expired-key.pem'].map((file) =>
    join(folder, file),
  ) as [string, string, string];
  copyFileSync(join(folder, `${name}-key.pem`), key);
  const signing = ['-CA', ca.cert, '-CAkey', ca.key, '-copy_extensions', 'copyall', '-days', '-1'];
  execFileSync('openssl', ['x509', '-req', '-in', request, ...signing, '-out', cert], { stdio: 'pipe' });
  return { cert, key };
};
