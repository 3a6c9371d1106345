import { expect } from 'chai';
import { faultFromError } from '../../../plugin-protocol/rpc/errors.ts';

describe('the message of an error', () => {
  const cases: [what: string, message: unknown, shown: string][] = [
    ['one line', 'There is no machine vm-9.', 'There is no machine vm-9.'],
    ['a stack of JavaScript', 'Error: no room\n    at run (/srv/main.js:3:1)', 'Error: no room'],
    ['lines of Perl', '\nno room at main.pl line 3.\n\tmain::run() called', 'no room at main.pl line 3.'],
    [
      'a traceback of Python',
      'Traceback (most recent call last):\n  File "/srv/main.py", line 3, in <module>\nValueError: no room\n',
      'ValueError: no room',
    ],
    ['nothing but line breaks', '\r\n \u2028', 'The plugin gave no reason.'],
    ['no text', { a: 1 }, 'The plugin gave no reason.'],
  ];
  for (const [what, message, shown] of cases) {
    it(`is shown to callers as one line: ${what}`, () => {
      expect(faultFromError({ code: 502, message }, false).message).to.equal(shown);
    });
  }
});
