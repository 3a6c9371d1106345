/** What the services of SOAPBuilders Round 4, group H, do: they fail. */
import { Fault } from '../../../sdk/typescript/plugin/index.ts';
import type { Echo, Params } from './echoes.ts';

/** Round 4, group H: an operation fails with the fault that its parameters ask for. */
const failing = (
  operation: string,
  params: readonly string[],
  choose: (params: Params) => [string, unknown],
): Echo => ({
  params,
  answer: (given) => {
    const [fault, detail] = choose(given);
    throw new Fault('failed', `Fault in response to '${operation}'.`, {
      contract: { fault, ...(detail !== undefined && { detail }) },
    });
  },
});

/** In style document the parameters are fields of the one part. */
const inParam = (name: string, { answer }: Echo): [string, Echo] => [
  name,
  { params: ['param'], answer: ({ param }) => answer(param as Params) },
];

const which =
  (...faults: [fault: string, param: string | undefined][]) =>
  (params: Params): [string, unknown] => {
    const [fault, param] = faults[Number(params.whichFault) - 1] ?? faults[0]!;
    return [fault, param === undefined ? undefined : params[param]];
  };

const multiple: Record<string, Echo> = {
  echoMultipleFaults1: failing(
    'echoMultipleFaults1',
    ['whichFault', 'param1', 'param2'],
    which(['SimpleFault1', undefined], ['SimpleFault2', 'param1'], ['SimpleFault3', 'param2']),
  ),
  echoMultipleFaults2: failing(
    'echoMultipleFaults2',
    ['whichFault', 'param1', 'param2', 'param3'],
    which(['SimpleFault2', 'param2'], ['SimpleFault1', 'param1'], ['SimpleFault3', 'param3']),
  ),
  echoMultipleFaults3: failing(
    'echoMultipleFaults3',
    ['whichFault', 'param1', 'param2'],
    which(['SimpleFault1', 'param1'], ['SimpleFault2', 'param2']),
  ),
  echoMultipleFaults4: failing(
    'echoMultipleFaults4',
    ['whichFault', 'param1', 'param2'],
    which(['SimpleFault1', 'param1'], ['SimpleFault2', 'param2']),
  ),
};
const wrapped = ({ soapStruct, ...rest }: Params) => (soapStruct === undefined ? { soapStruct: rest } : { soapStruct });
const complexFaults1 = (params: Params): [string, unknown] =>
  params.whichFault === 2 ? ['ComplexFault2', params.param2] : ['ComplexFault1', wrapped(params.param1 as Params)];
const complexFaults2 = which(['ComplexFault1', 'param1'], ['ComplexFault2', 'param2'], ['ComplexFault3', 'param3']);
const complexMultiple: Record<string, Echo> = {
  echoMultipleFaults1: failing('echoMultipleFaults1', ['whichFault', 'param1', 'param2'], complexFaults1),
  echoMultipleFaults2: failing('echoMultipleFaults2', ['whichFault', 'param1', 'param2', 'param3'], complexFaults2),
};
const inParams = (echoes: Record<string, Echo>) =>
  Object.fromEntries(Object.entries(echoes).map(([name, one]) => inParam(name, one)));
const faultOf =
  (fault: string, detail: (param: unknown) => unknown = (param) => param) =>
  (params: Params): [string, unknown] => [fault, detail(params.param)];

const simpleFaults: Record<string, Echo> = {
  echoEmptyFault: failing('echoEmptyFault', [], () => ['SimpleFault', undefined]),
  echoStringFault: failing('echoStringFault', ['param'], faultOf('SimpleFault')),
  echoIntArrayFault: failing('echoIntArrayFault', ['param'], faultOf('SimpleFault')),
};
const complexFaults: Record<string, Echo> = {
  echoSOAPStructFault: failing(
    'echoSOAPStructFault',
    ['param'],
    faultOf('ComplexFault', (param) => wrapped(param as Params)),
  ),
  echoBaseStructFault: failing('echoBaseStructFault', ['param'], faultOf('ComplexFault')),
  echoExtendedStructFault: failing('echoExtendedStructFault', ['param'], faultOf('ComplexFault')),
};

/** By the name of the file that is the contract, without its ending. */
export const faultEchoes: Record<string, Record<string, Echo>> = {
  round4_groupH_complex_doclit: { ...complexFaults, ...inParams(complexMultiple) },
  round4_groupH_complex_rpcenc: { ...complexFaults, ...complexMultiple },
  round4_groupH_simple_doclit: {
    ...simpleFaults,
    echoEmptyFault: { ...simpleFaults.echoEmptyFault!, params: ['param'] },
    ...inParams(multiple),
  },
  round4_groupH_simple_rpcenc: { ...simpleFaults, ...multiple },
};
