/**
 * How replies over XML-RPC can be written for clients that read less than others, or more, and how what PHP writes is read.
 * Also for the reference.
 */

/** A switch: its settings, the first of which stands for clients that ask for none, and what each is for. */
const switchOf = <const S extends Record<string, string>>(doc: string, settings: S) => ({ doc, settings });

export const switches = {
  nil: switchOf('A value that is not set. A client that sends a nil gets nil in the same form without asking.', {
    omit: 'Left out of its struct, which every client can read.',
    nil: '`<nil/>`.',
    'ex:nil': '`<ex:nil/>` of the Apache extensions.',
  }),
  long: switchOf('A 64-bit integer. A client that sends one as `<i8>` or `<ex:i8>` gets the same without asking.', {
    string: 'Its digits as a string, as the signatures say.',
    i8: '`<i8>`.',
    'ex:i8': '`<ex:i8>` of the Apache extensions.',
    int: '`<int>` where 32 bits hold it, else a string.',
    double: '`<double>`, where a double holds it exactly, else a string.',
  }),
  time: switchOf('A moment, always in UTC. A client that sends an `<ex:dateTime>` gets the same without asking.', {
    'dateTime.iso8601': '`20260131T12:00:00`: the specification has no zone.',
    zulu: 'The same with a `Z` behind it.',
    extended:
      '`2026-01-31T12:00:00Z`, for readers of ISO 8601 that refuse a date without hyphens before a time with colons.',
    'ex:dateTime': '`<ex:dateTime>` of the Apache extensions, with milliseconds and zone.',
  }),
  text: switchOf('Text beyond ASCII.', {
    all: 'UTF-8.',
    bmp: 'UTF-8; what is beyond U+FFFF, such as emoji, becomes U+FFFD: xmlrpc-c refuses the whole reply otherwise.',
    ascii: 'Character references in US-ASCII, for clients that take any reply for some other character set.',
  }),
  references: switchOf(
    'References from `&#128;` to `&#255;` in a call that declares ISO-8859-1 and has nothing but ASCII, no CDATA and no hexadecimal references. It is about what is read.',
    {
      bytes:
        'What is UTF-8 together is read as that, since the xmlrpc extension of PHP writes a reference for each byte: `&#195;&#169;` is é. Whatever is not stands for the characters themselves.',
      characters: 'Each is the character that it names, as XML has it: `&#195;&#169;` is Ã©.',
    },
  ),
  auth: switchOf('A call that needs credentials and has none, or wrong ones.', {
    fault: 'A fault, on HTTP 200 like all others.',
    challenge:
      'The fault on HTTP 401 with `WWW-Authenticate`, for clients that send what they have only when they are asked: libcurl with several ways allowed, `credentials` of LWP, `Authenticator` of Java, `NetworkCredential` of .NET.',
  }),
} as const;

type Switches = typeof switches;

/** A setting of each switch. */
export type Dialect = { readonly [S in keyof Switches]: keyof Switches[S]['settings'] };
