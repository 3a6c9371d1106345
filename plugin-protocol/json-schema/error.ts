/** What the reading of schemas is told in: a schema, and what is wrong in it, by its place. */

export type Schema = Record<string, unknown>;

/** A schema that cannot be a shape. `path` is the JSON Pointer of what is wrong. */
export class SchemaError extends Error {
  path = '';
}

export const wrong = (message: string): never => {
  throw new SchemaError(message);
};

/** What is wrong within `make` is wrong at that member or item of the schema around it. */
export const within = <T>(step: string | number, make: () => T): T => {
  try {
    return make();
  } catch (error) {
    if (error instanceof SchemaError) {
      error.path = `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}${error.path}`;
    }
    throw error;
  }
};

/** What stands in a schema, for words about it. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
