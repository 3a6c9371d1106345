/** The files of a contract as clients get them: the very text, but for the address, and for where imported files are. */
import { escapeAttribute } from '../../../../wire/escape.ts';
import type { Contract } from './contract.ts';
import type { SourceFile } from './documents.ts';

/** Compiles what gives out a file for the address of the service; undefined for a file that there is none of. */
export const documentOf = ({
  files,
}: Contract): ((address: string, file: string | undefined) => string | undefined) => {
  const keys = [...files.keys()];
  const write = ({ text, places }: SourceFile, address: string): string => {
    let written = '';
    let at = 0;
    for (const { from, to, file } of [...places].sort((a, b) => a.from - b.from)) {
      const value = file === undefined ? address : `${address}?wsdl&file=${keys.indexOf(file)}`;
      written += text.slice(at, from) + escapeAttribute(value).replaceAll("'", '&apos;');
      at = to;
    }
    return written + text.slice(at);
  };
  return (address, file = '0') => {
    const source = /^[0-9]{1,4}$/.test(file) ? files.get(keys[Number(file)] ?? '') : undefined;
    return source && write(source, address);
  };
};
