/** What is wrong with a value, and where. */

/** Carries what is wrong outwards; every list and record that it passes puts its own step before the path. */
export class Mismatch extends Error {
  path = '';
}

export const wrong = (message: string): never => {
  throw new Mismatch(message);
};

/** The error as it is seen one step further out; errors of other kinds are left alone. */
export const within = (error: unknown, step: string | number): unknown => {
  // RFC 6901 section 3.
  if (error instanceof Mismatch)
    error.path = `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}${error.path}`;
  return error;
};
