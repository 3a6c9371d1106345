import { expect } from 'chai';
import { closes, encodeReplyHead } from '../../daemon/wire/reply-head.ts';

const linesOf = (headers: Record<string, string>): string[] =>
  encodeReplyHead({ status: 200, headers, length: 0, connection: closes }).split('\r\n');

describe('the head of a reply', () => {
  it('has each header as it is given, whatever the one before it of that name was', () => {
    for (const value of ['a', 'a', 'b', 'a', '']) expect(linesOf({ 'X-Test': value })).to.include(`X-Test: ${value}`);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`X-Test-${at}`, String(at)]));
    for (let times = 0; times < 2; times++)
      expect(linesOf(many)).to.include('X-Test-99: 99').and.include('X-Test-0: 0');
  });

  it('has none that HTTP cannot carry, also after one that it can', () => {
    for (const value of ['a\r\nX-Other: b', 'a\n', 'é', '\0']) {
      expect(linesOf({ 'X-Test': 'a' })).to.include('X-Test: a');
      expect(() => linesOf({ 'X-Test': value })).to.throw('is none of HTTP');
      expect(() => linesOf({ 'X-Test': value })).to.throw('is none of HTTP');
    }
    expect(() => linesOf({ 'X Test': 'a' })).to.throw('The header "X Test: a" is none of HTTP.');
  });
});
