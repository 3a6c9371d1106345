import { expect } from 'chai';
import { isAmong, netFrom } from '../../daemon/config/nets.ts';
import { callerOf } from '../../daemon/wire/forwarded.ts';

describe('The address that a request came from', () => {
  const isProxy = isAmong(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']);
  const cases: [what: string, peer: string, header: string | undefined, caller: string][] = [
    ['is that of the peer, where no proxy stands between', '198.51.100.7', undefined, '198.51.100.7'],
    ['is that of the peer, where that is no proxy and says so', '198.51.100.7', '203.0.113.9', '198.51.100.7'],
    ['is that of the proxy, where it says nothing', '10.1.2.3', undefined, '10.1.2.3'],
    ['is what the proxy says', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['is the last that is no proxy', '10.1.2.3', '1.1.1.1, 203.0.113.9, 192.0.2.1,10.9.9.9', '203.0.113.9'],
    ['may be that of a proxy, where all are', '10.1.2.3', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['may have a port', '10.1.2.3', '203.0.113.9:4711', '203.0.113.9'],
    ['may be of version 6', '2001:db8::1', '[2001:db9::7]:443', '2001:db9::7'],
    ['is the last that was one, where what follows is none', '10.1.2.3', 'unknown, 10.0.0.2', '10.0.0.2'],
    ['is that of the proxy, where what it says is none', '10.1.2.3', 'for=203.0.113.9', '10.1.2.3'],
  ];
  for (const [what, peer, header, caller] of cases) {
    it(what, () => expect(callerOf(peer, header, isProxy)).to.equal(caller));
  }

  it('is compared with addresses and nets, and with nothing else', () => {
    for (const text of [
      '',
      '10.0.0.0/33',
      '::1/129',
      '10.0.0',
      'proxy.example',
      '10.0.0.0/8/8',
      '10.0.0.1/',
      'fe80::1%eth0x/',
    ]) {
      expect(netFrom(text), text).to.equal(undefined);
    }
    expect(netFrom('::/0')).to.deep.equal({ address: '::', family: 'ipv6', bits: 0 });
  });
});
