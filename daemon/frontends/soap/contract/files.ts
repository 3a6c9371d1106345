/** Contracts in files, as the configuration names them. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { XmlLimits } from '../../../wire/xml.ts';
import type { Contract } from './contract.ts';
import { isAddress, type ReadFile } from './documents.ts';
import { ContractError } from './tree.ts';
import { type ContractOptions, readContract } from './wsdl-reader.ts';

/** Files are found relative to the one that imports them, whatever the working directory is. */
const beside: ReadFile = (location, from) => {
  // Nothing is fetched from anywhere else.
  if (isAddress(location)) return undefined;
  const file = resolve(dirname(from), location);
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch {
    return undefined;
  }
};

/** Throws `ContractError`, also when the file cannot be read. */
export const contractFromFile = (file: string, limits: XmlLimits, options: ContractOptions = {}): Contract => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ContractError(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`);
  }
  return readContract(file, text, limits, { readFile: beside, ...options });
};
