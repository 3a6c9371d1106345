/** A range of IPv4 addresses that are handed out one after the other and taken back. */
import { Fault } from '../../sdk/typescript/plugin/index.ts';

export interface AddressRange {
  /** The next address that is free, or undefined when none is. */
  take(): string | undefined;
  reserve(address: string): void;
  giveBack(address: string): void;
}

/** The range of a CIDR; its first address, its gateway and its last are never handed out. */
export const addressRange = (cidr: string): AddressRange => {
  const [base = '', bits = ''] = cidr.split('/');
  const octets = base.split('.').map(Number);
  const size = 2 ** (32 - Number(bits));
  const whole = (of: number, highest: number) => Number.isInteger(of) && of >= 0 && of <= highest;
  if (octets.length !== 4 || !octets.every((octet) => whole(octet, 255)) || !whole(Number(bits), 30)) {
    throw new Fault('invalid-params', `${cidr} is no IPv4 range such as 10.20.0.0/16.`, { field: '/config/networks' });
  }
  const given = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = given - (given % size);
  const used = new Set<number>();
  let last = 1;

  const written = (offset: number) =>
    [24, 16, 8, 0].map((shift) => Math.floor((first + offset) / 2 ** shift) % 256).join('.');
  const offsetOf = (address: string) => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0) - first;

  return {
    take() {
      // Offsets 2 to size - 2, going on after the last one given: an address rests as long as it can before it is reused.
      const count = size - 3;
      if (used.size >= count) return undefined;
      do last = last >= size - 2 ? 2 : last + 1;
      while (used.has(last));
      used.add(last);
      return written(last);
    },
    reserve: (address) => {
      const offset = offsetOf(address);
      if (offset > 1 && offset < size - 1) used.add(offset);
    },
    giveBack: (address) => {
      used.delete(offsetOf(address));
    },
  };
};
