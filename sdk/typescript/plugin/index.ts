/** The kit for plugin authors: `serve` a table of `Calls`, throw `Fault`s. */
export { Fault, type FaultData, type FaultKind } from '../../../plugin-protocol/faults.ts';
/** A fault as `error` of a task that failed. */
export { errorFromFault as faultAsError } from '../../../plugin-protocol/rpc/errors.ts';
export { callNames } from '../generated/calls.ts';
export type {
  ConsoleOutput,
  DirectoryUser,
  Disk,
  NativeHost,
  NativeImage,
  NativeNetwork,
  NativeVm,
  NativeVolume,
  Nic,
  UsageEntry,
  VmStats,
} from '../generated/resources.ts';
export type {
  Call,
  CallContext,
  CallName,
  CallParams,
  CallResult,
  Calls,
  CallsFactory,
  Found,
  Instance,
  NeedAnswer,
  PluginEvent,
  PluginLog,
  Pulled,
  ServeOptions,
  TaskAnswer,
  TaskHandle,
  TaskState,
} from './calls.ts';
export type { Host, Kept, LookedUp } from './host.ts';
export {
  type PublishedCall,
  type PublishedFacts,
  type PublishedTable,
  publish,
  published,
} from './published.ts';
export { serve } from './serve.ts';
export * as shapes from './shapes.ts';
