/** Certificates that sign themselves. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A new one for `localhost` with its key, as PEM files in a folder; answers their paths. */
export const makeCertificate = (folder: string, name = ''): { cert: string; key: string } => {
  const [cert, key] = [join(folder, `${name}cert.pem`), join(folder, `${name}key.pem`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { cert, key };
};
