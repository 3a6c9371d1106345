/** The first line of a plugin that connects to a host, and what one is told that is not admitted. */
import { notificationLine, readLine } from './messages.ts';

export interface Admission {
  connector: string;
  token: string;
}

export const admissionLine = (admission: Admission): string => notificationLine('$/admit', admission);

/** Undefined when the line is none. */
export const admissionOf = (line: string): Admission | undefined => {
  const { method, params } = readLine(line).message ?? {};
  if (method !== '$/admit' || typeof params !== 'object' || params === null) return undefined;
  const { connector, token } = params as Partial<Admission>;
  return typeof connector === 'string' && typeof token === 'string' ? { connector, token } : undefined;
};

/** Always the same: it tells nothing that could be used. */
export const refusalLine = notificationLine('$/refused', { message: 'Not admitted.' });
