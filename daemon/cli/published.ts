/** Commands for what plugins publish, made from what the daemon says of itself. */
import type { Command } from 'commander';
import { recordFromSchema, SchemaError, shapeFromSchema } from '../../plugin-protocol/json-schema/read.ts';
import { any, type Typed } from '../../plugin-protocol/shape.ts';
import type { Method } from '../catalogue/index.ts';
import { type ConnectionOptions, connectionFor, NoDaemon } from './connection.ts';
import { nounCommand } from './method-commands.ts';

/** As much of an OpenRPC document as is read here. */
interface Document {
  methods: {
    name: string;
    description?: string;
    params: { name: string; required?: boolean; schema: object }[];
    result: { description?: string; schema: object };
    examples: { params: { name: string; value: unknown }[]; result: { value: unknown } }[];
  }[];
  components: { schemas: Record<string, object> };
}

const methodFrom = (of: Document['methods'][number], $defs: object): Method => {
  const schema = {
    $defs,
    properties: Object.fromEntries(of.params.map((param) => [param.name, param.schema])),
    required: of.params.filter(({ required }) => required).map(({ name }) => name),
  };
  const [example] = of.examples;
  return {
    name: of.name,
    service: of.name.slice(0, of.name.indexOf('.')),
    since: '',
    doc: of.description ?? '',
    params: recordFromSchema(schema, '', 'Params') as Typed<unknown, 'record'>,
    result: resultFrom({ ...of.result.schema, $defs }) as Typed<unknown>,
    returns: of.result.description ?? '',
    faults: [],
    permission: 'read',
    changes: false,
    example: {
      params: Object.fromEntries((example?.params ?? []).map(({ name, value }) => [name, value])),
      result: example?.result.value,
    },
  };
};

/** It only says which columns a table has. */
const resultFrom = (schema: object) => {
  try {
    return shapeFromSchema(schema, '', 'Result');
  } catch (error) {
    if (error instanceof SchemaError) return any('');
    throw error;
  }
};

/** What the daemon has at the moment under a name that no command of this program is called. */
export interface Published {
  /** The command for the service of that name; undefined when there is none. */
  command: Command | undefined;
  /** The services and nouns that the daemon has; undefined when none could be asked. */
  known: readonly string[] | undefined;
}

export const publishedCommand = async (service: string, connection: () => ConnectionOptions): Promise<Published> => {
  let text: string;
  try {
    text = JSON.stringify(await connectionFor(connection()).call('rpc.discover', {}));
  } catch (error) {
    if (error instanceof NoDaemon) return { command: undefined, known: undefined };
    throw error;
  }
  const document = JSON.parse(text.replaceAll('"#/components/schemas/', '"#/$defs/')) as Document;
  const known = [...new Set(document.methods.map(({ name }) => name.slice(0, name.indexOf('.'))))];
  const methods = document.methods.filter(({ name }) => name.startsWith(`${service}.`));
  if (methods.length === 0) return { command: undefined, known };
  const command = nounCommand(
    service,
    'What a plugin publishes.',
    methods.map((method) => methodFrom(method, document.components.schemas)),
    connection,
  );
  return { command, known };
};
