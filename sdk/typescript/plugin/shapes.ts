/** What the parameters and the results of published methods are made of. */
export type { Json } from '../../../plugin-protocol/any.ts';
export {
  any,
  bool,
  bytes,
  counter,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  record,
  type Static,
  string,
  time,
} from '../../../plugin-protocol/shape.ts';
