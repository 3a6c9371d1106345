/** Contracts in files, as the configuration names them. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { inOneGo, type Slices } from '../../../../../plugin-protocol/slices.ts';
import { xmlSource } from '../../../../wire/charset.ts';
import { XmlFault, type XmlLimits } from '../../../../wire/xml.ts';
import { ContractError } from '../schema/tree.ts';
import type { Contract } from './contract.ts';
import { isAddress, type ReadFile } from './documents.ts';
import { type ContractOptions, readContractInSlices } from './wsdl-reader.ts';

const encodingDeclared = /^(<\?xml\s[^>]*?\sencoding\s*=\s*)(["'])(?!utf-8\2)[^"']*\2/i;

/** The text of a document in any character set. It is given out as UTF-8, so it says that. */
const textFrom = (bytes: Buffer, file: string): string => {
  try {
    const { text, wrong } = xmlSource(bytes, undefined, bytes.length).next();
    if (wrong !== undefined) throw new ContractError(`${file}: ${wrong}`);
    return text.replace(encodingDeclared, '$1$2UTF-8$2');
  } catch (error) {
    throw error instanceof XmlFault ? new ContractError(`${file}: ${error.message}`) : error;
  }
};

/** Files are found relative to the one that imports them, whatever the working directory is. */
const beside: ReadFile = (location, from) => {
  // Nothing is fetched from anywhere else.
  if (isAddress(location)) return undefined;
  const file = resolve(dirname(from), location);
  let bytes: Buffer;
  try {
    // Devices and pipes need not have an end.
    if (!statSync(file).isFile()) return undefined;
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  return { file, text: textFrom(bytes, file) };
};

/** Throws `ContractError`, also when the file cannot be read. */
export const contractFromFile = (file: string, limits: XmlLimits, options: ContractOptions = {}): Contract =>
  inOneGo(contractFromFileInSlices(file, limits, options));

/** The same while others have their turn: large contracts take half a second. */
export function* contractFromFileInSlices(
  file: string,
  limits: XmlLimits,
  options: ContractOptions = {},
): Slices<Contract> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new ContractError(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`);
  }
  return yield* readContractInSlices(file, textFrom(bytes, file), limits, { readFile: beside, ...options });
}
