/** The files of `tls` in the configuration, read and tried, so that what is wrong is said before the port is opened. */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Config } from './config.ts';
import { ConfigError } from './settle.ts';

type Files = NonNullable<Config['tls']>;

const read = (setting: string, file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError([`${setting}: ${file} cannot be read (${code}); name a PEM file that this user may read.`]);
  }
};

const tried = (options: Parameters<typeof createSecureContext>[0], otherwise: string) => {
  try {
    createSecureContext(options);
  } catch {
    throw new ConfigError([otherwise]);
  }
};

/** Throws a `ConfigError` that names the setting and the file, and says what they must be. */
export const readTls = (files: Files): { cert: Buffer; key: Buffer } => {
  const cert = read('tls.cert', files.cert);
  const key = read('tls.key', files.key);
  tried({ cert }, `tls.cert: ${files.cert} holds no certificate; name the PEM file with the certificate chain.`);
  tried({ key }, `tls.key: ${files.key} holds no private key without a passphrase; name the PEM file with such a key.`);
  const pair = `${files.key} is not the key of the certificate in ${files.cert}; name the files of one pair.`;
  tried({ cert, key }, `tls.key: ${pair}`);
  return { cert, key };
};
