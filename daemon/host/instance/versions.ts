/** Interfaces that a plugin and the daemon speak in different versions. */
import type { Description } from '../../../plugin-protocol/contract/base.ts';
import { type InterfaceName, interfaceOf, interfaceVersions } from '../../../plugin-protocol/contract/versions.ts';

/** Why a call of the contract cannot be made though the plugin may have it, as the rest of a sentence. */
export const otherVersion = (described: Description | undefined, call: string): string | undefined => {
  const name = interfaceOf(call);
  if (name === undefined) return undefined;
  const { [name]: version = 1 } = (described?.interfaces ?? {}) as Partial<Record<InterfaceName, number>>;
  const own = interfaceVersions[name];
  return version === own ? undefined : `it speaks version ${version} of ${name}, and the daemon version ${own}`;
};
