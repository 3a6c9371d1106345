/** Addresses and nets in the configuration. */
import { BlockList, isIP } from 'node:net';

interface Net {
  address: string;
  family: 'ipv4' | 'ipv6';
  /** How many bits of the address are those of the net: all, for a single one. */
  bits: number;
}

/** `192.0.2.1`, `10.0.0.0/8` or `2001:db8::/32`; undefined for what is none. */
export const netFrom = (text: string): Net | undefined => {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || Number(bits ?? most) > most) return undefined;
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', bits: Number(bits ?? most) };
};

/** Tells whether an address is in one of these. */
export const isAmong = (nets: readonly string[]): ((address: string) => boolean) => {
  const list = new BlockList();
  for (const text of nets) {
    const { address, family, bits } = netFrom(text)!;
    list.addSubnet(address, bits, family);
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
};
