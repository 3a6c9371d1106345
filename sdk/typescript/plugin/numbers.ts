/**
 * Throws where a value holds a number that JSON does not have, and says where: `JSON.stringify` writes null for it, which in a value of any
 * type would be taken for one. `text` is what it wrote, so that hardly any value need be looked at.
 */
export const refuseNotNumbers = (value: unknown, text: string): void => {
  if (text.includes('null')) look(value, '');
};

const look = (value: unknown, path: string): void => {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(
      `${path === '' ? 'The result' : `${path} of the result`} is ${value}, which JSON does not have`,
    );
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) look(member, `${path}/${name}`);
};
