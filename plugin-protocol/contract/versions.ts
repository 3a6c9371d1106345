/** The versions of the interfaces, each of its own: what changes in one leaves plugins of the others alone. */
export const interfaceVersions = { compute: 1, storage: 1, network: 1, directory: 1, accounting: 1 } as const;
export type InterfaceName = keyof typeof interfaceVersions;

/** The interface that a call belongs to, where it belongs to one. */
export const interfaceOf = (call: string): InterfaceName | undefined => {
  const name = call.slice(0, Math.max(0, call.indexOf('.')));
  return Object.hasOwn(interfaceVersions, name) ? (name as InterfaceName) : undefined;
};
