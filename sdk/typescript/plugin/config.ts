/** What a plugin describes and checks its configuration with: the same shapes that the contract is made of. */
export { compileCheck } from '../../../plugin-protocol/check/compile.ts';
export { faults, outcomes } from '../../../plugin-protocol/faults.ts';
export {
  bool,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  record,
  type Static,
  string,
} from '../../../plugin-protocol/shape.ts';
