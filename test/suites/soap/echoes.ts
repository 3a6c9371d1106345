/**
 * What the services of the public suites do, by service and operation: the names of the parameters, and the answer. All
 * of it is on the pages of the suites; the plugin beside this publishes it.
 */
import { Fault } from '../../../sdk/typescript/plugin/index.ts';
import { faultEchoes } from './fault-echoes.ts';

export type Params = Record<string, unknown>;

export interface Echo {
  params: readonly string[];
  /** Names of headers that it takes; those that may come more than once end with `*`. */
  headers?: readonly string[];
  /** Names of headers that it answers. */
  replyHeaders?: readonly string[];
  answer(params: Params): unknown;
}

/** Answers its one parameter. */
const echo = (name: string): Echo => ({ params: [name], answer: (params) => params[name] ?? null });
const echoes = (names: Record<string, string>): Record<string, Echo> =>
  Object.fromEntries(Object.entries(names).map(([operation, param]) => [operation, echo(param)]));
const nothing: Echo = { params: [], answer: () => null };

const headerOf = ({ headers }: Params, name: string): unknown => (headers as Params | undefined)?.[name];

const interop = {
  echoString: 'inputString',
  echoStringArray: 'inputStringArray',
  echoInteger: 'inputInteger',
  echoIntegerArray: 'inputIntegerArray',
  echoFloat: 'inputFloat',
  echoFloatArray: 'inputFloatArray',
  echoStruct: 'inputStruct',
  echoStructArray: 'inputStructArray',
  echoBase64: 'inputBase64',
  echoDate: 'inputDate',
  echoHexBinary: 'inputHexBinary',
  echoDecimal: 'inputDecimal',
  echoBoolean: 'inputBoolean',
};

interface Struct {
  varString?: string;
  varInt?: number;
  varFloat?: number;
}
const struct = (varString: unknown, varInt: unknown, varFloat: unknown) => ({
  ...(varString !== undefined && { varString }),
  varInt,
  varFloat,
});
const simpleTypes = (from: Struct) => ({
  outputString: from.varString,
  outputInteger: from.varInt,
  outputFloat: from.varFloat,
});

const groupB: Record<string, Echo> = {
  echoStructAsSimpleTypes: {
    params: ['inputStruct'],
    answer: ({ inputStruct }) => simpleTypes(inputStruct as Struct),
  },
  echoSimpleTypesAsStruct: {
    params: ['inputString', 'inputInteger', 'inputFloat'],
    answer: ({ inputString, inputInteger, inputFloat }) => struct(inputString, inputInteger, inputFloat),
  },
  ...echoes({
    echo2DStringArray: 'input2DStringArray',
    echoNestedStruct: 'inputStruct',
    echoNestedArray: 'inputStruct',
  }),
};

/** Round 4, group I: some echoes take a list in a type of its own. */
const groupI: Record<string, Echo> = {
  echoVoid: nothing,
  ...echoes({
    echoInteger: 'inputInteger',
    echoFloat: 'inputFloat',
    echoString: 'inputString',
    echoBase64: 'inputBase64',
    echoDate: 'inputDate',
    echoComplexType: 'inputComplexType',
    echoIntegerMultiOccurs: 'inputIntegerMultiOccurs',
    echoFloatMultiOccurs: 'inputFloatMultiOccurs',
    echoStringMultiOccurs: 'inputStringMultiOccurs',
    echoComplexTypeMultiOccurs: 'inputComplexTypeMultiOccurs',
    echoDecimal: 'inputDecimal',
    echoBoolean: 'inputBoolean',
    echoHexBinary: 'inputHexBinary',
    echoNestedComplexType: 'inputComplexType',
    echoNestedMultiOccurs: 'inputComplexType',
    echoChoice: 'inputChoice',
    echoEnum: 'inputEnum',
    echoAnyType: 'inputAnyType',
    echoAnyElement: 'inputAny',
  }),
  echoComplexTypeAsSimpleTypes: {
    params: ['inputComplexType'],
    answer: ({ inputComplexType }) => simpleTypes(inputComplexType as Struct),
  },
  echoSimpleTypesAsComplexType: groupB.echoSimpleTypesAsStruct!,
  echoVoidSoapHeader: {
    params: [],
    headers: ['echoMeStringRequest', 'echoMeComplexTypeRequest'],
    replyHeaders: ['echoMeStringResponse', 'echoMeComplexTypeResponse'],
    answer: (params) => ({
      headers: {
        echoMeStringResponse: headerOf(params, 'echoMeStringRequest') ?? null,
        echoMeComplexTypeResponse: headerOf(params, 'echoMeComplexTypeRequest') ?? null,
      },
    }),
  },
};

/** The headers of the collection for SOAP 1.2, which any operation of style document takes. */
const document12 = (params: readonly string[], part?: string): Echo => ({
  params,
  headers: ['echoOk*', 'requiredHeader', 'validateCountryCode', 'echoResolvedRef'],
  replyHeaders: ['responseOk*', 'responseResolvedRef'],
  answer: (given) => {
    const code = headerOf(given, 'validateCountryCode');
    if (typeof code === 'string' && code.length !== 2) {
      throw new Fault('invalid-params', 'Not a valid country code', {
        contract: { headers: { validateCountryCodeFault: 'Country code must be 2 letters.' } },
      });
    }
    const resolved = headerOf(given, 'echoResolvedRef') as
      | { RelativeReference: { base: string; href: string } }
      | undefined;
    const { base, href } = resolved?.RelativeReference ?? {};
    return {
      ...(part !== undefined && { [part]: headerOf(given, 'requiredHeader') ?? given[params[0]!] ?? null }),
      headers: {
        responseOk: headerOf(given, 'echoOk') ?? null,
        responseResolvedRef: base === undefined ? null : new URL(href!, base).href,
      },
    };
  },
});

const soap12: Record<string, Echo> = {
  emptyBody: document12([]),
  echoOk: document12(['echoOk'], 'responseOk'),
  echoHeader: document12(['responseHeader'], 'responseHeader'),
  requiredHeader: { params: ['requiredHeader'], answer: () => null },
  returnVoid: nothing,
  ...echoes({
    echoStruct: 'inputStruct',
    echoStructArray: 'inputStructArray',
    echoNestedStruct: 'inputStruct',
    echoNestedArray: 'inputStruct',
    echoFloatArray: 'inputFloatArray',
    echoStringArray: 'inputStringArray',
    echoIntegerArray: 'inputIntegerArray',
    echoBase64: 'inputBase64',
    echoBoolean: 'inputBoolean',
    echoDate: 'inputDate',
    echoDecimal: 'inputDecimal',
    echoFloat: 'inputFloat',
    echoString: 'inputString',
  }),
  echoStructAsSimpleTypes: groupB.echoStructAsSimpleTypes!,
  echoSimpleTypesAsStruct: {
    params: ['inputString', 'inputInt', 'inputFloat'],
    answer: ({ inputString, inputInt, inputFloat }) => struct(inputString, inputInt, inputFloat),
  },
  countItems: {
    params: ['inputStringArray'],
    answer: ({ inputStringArray }) => (inputStringArray as unknown[]).length,
  },
  isNil: { params: ['inputString'], answer: ({ inputString }) => inputString === undefined },
};

const round3 = (param: string): Record<string, Echo> => ({
  ...echoes({ echoString: param, echoStringArray: param, echoStruct: param, echoStructArray: param }),
  echoVoid: nothing,
});

/** Round 5: the types of XML Schema that the rounds before lack. */
const baseTypes = [
  ...[
    'Double',
    'Duration',
    'DateTime',
    'Time',
    'GYearMonth',
    'GYear',
    'GMonthDay',
    'GDay',
    'GMonth',
    'AnyURI',
    'QName',
  ],
  ...['Notation', 'Language', 'NMToken', 'NMTokens', 'Name', 'NCName', 'ID', 'IDREF', 'IDREFS', 'Entity', 'Entities'],
  ...['NonPositiveInteger', 'NegativeInteger', 'Long', 'Int', 'Short', 'Byte', 'NonNegativeInteger', 'UnsignedLong'],
  ...['UnsignedInt', 'UnsignedShort', 'UnsignedByte', 'PositiveInteger'],
];

/** Round 5: types that are derived from others, as themselves and as those. */
const asBaseType: Echo = {
  params: ['param'],
  answer: ({ param }) => {
    const { baseTypeMember1, baseTypeMember2 } = param as Params;
    return { baseTypeMember1, baseTypeMember2 };
  },
};
const typeExtensions: Record<string, Echo> = {
  ...echoes(
    Object.fromEntries(
      [
        ...['BaseType_1', 'BaseType_2', 'BaseType_3', 'BaseType_4', 'BaseType_5', 'L1DerivedType_1', 'L1DerivedType_2'],
        ...['L2DerivedType1_1', 'BaseTypeAsL1DerivedType', 'BaseTypeAsL2DerivedType1'],
      ].map((type) => [`echo${type}`, 'param']),
    ),
  ),
  echoL1DerivedTypeAsBaseType: asBaseType,
  echoL2DerivedType1AsBaseType: asBaseType,
};

/** By the name of the file that is the contract, without its ending. */
export const echoServices: Record<string, Record<string, Echo>> = {
  round2_base: { ...echoes(interop), echoVoid: nothing },
  round2_groupB: groupB,
  round3_groupD_compound1: echoes({ echoPerson: 'x', echoDocument: 'x' }),
  round3_groupD_compound2: echoes({ echoEmployee: 'x' }),
  round3_groupD_doclit: round3('a'),
  round3_groupD_doclitparams: round3('param0'),
  round3_groupD_emptysa: round3('a'),
  round3_groupD_import1: round3('x'),
  round3_groupD_import2: round3('inputStruct'),
  round3_groupD_import3: { ...round3('inputStruct'), ...echoes({ echoStructArray: 'inputArray' }) },
  round3_groupD_rpcenc: round3('param0'),
  round3_groupE_list: echoes({ echoLinkedList: 'param0' }),
  round3_groupF_ext: round3('a'),
  round3_groupF_headers: {
    echoString: { ...echo('a'), headers: ['Header1', 'Header2'] },
  },
  ...faultEchoes,
  round4_groupH_soapfault: { echoVersionMismatchFault: nothing, echoMustUnderstandFault: nothing },
  round4_groupI_xsd: groupI,
  Round5BaseTypes: echoes(Object.fromEntries(baseTypes.map((type) => [`echo${type}`, `input${type}`]))),
  group5_5: typeExtensions,
  'soap12-test': soap12,
  InteropTest: {
    ...echoes(interop),
    ...groupB,
    echoVoid: nothing,
    ...echoes({
      echoMap: 'input',
      echoMapArray: 'input',
      echoToken: 'inputToken',
      echoNormalizedString: 'inputNormalizedString',
      echoUnsignedLong: 'inputUnsignedLong',
      echoUnsignedInt: 'inputUnsignedInt',
      echoUnsignedShort: 'inputUnsignedShort',
      echoUnsignedByte: 'inputUnsignedByte',
      echoNonNegativeInteger: 'inputNonNegativeInteger',
      echoPositiveInteger: 'inputPositiveInteger',
      echoNonPositiveInteger: 'inputNonPositiveInteger',
      echoNegativeInteger: 'inputNegativeInteger',
    }),
  },
};
