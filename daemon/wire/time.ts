/** Moments as clients write them. */

// Common Lisp's cxml-rpc has a Z for the T of a moment in UTC.
const forms =
  /^(\d{4})-?(\d\d)-?(\d\d)[TZ ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d)?)?$/i;
/** XML Schema has no end of digits behind the second: soap4r and Java's BigDecimal write forty. */
const longest = 80;
// The forms of XML-RPC and of XML Schema on a day that every year has: no need to ask a calendar.
const day = (dash: string) =>
  `\\d{4}${dash}(?:(?:0[1-9]|1[0-2])${dash}(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])${dash}(?:29|30)|(?:0[13578]|1[02])${dash}31)`;
const clock = 'T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
const compactLength = 'YYYYMMDDThh:mm:ss'.length;
const compact = new RegExp(`^${day('')}${clock}$`);
const extended = new RegExp(`^${day('-')}${clock}(?:\\.\\d{3})?Z$`);

/**
 * A moment in any form of ISO 8601 that is seen on the XML wires, as RFC 3339 in UTC with milliseconds. Without a zone
 * it is UTC; seconds may be missing. Undefined when it is none.
 */
export const parseTime = (text: string): string | undefined => {
  if (text.length > longest) return undefined;
  if (text.length === compactLength) {
    if (compact.test(text)) return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}${text.slice(8)}.000Z`;
  } else if (extended.test(text)) return text.length === 24 ? text : `${text.slice(0, 19)}.000Z`;
  const found = forms.exec(text.trim());
  if (found === null) return undefined;
  const [year, month, day, hour, minute] = found.slice(1, 6).map(Number) as [number, number, number, number, number];
  const second = Number(found[6] ?? 0);
  const millisecond = Number((found[7] ?? '0').padEnd(3, '0').slice(0, 3));
  const zone = (found[8] === '-' ? -1 : 1) * (Number(found[9] ?? 0) * 60 + Number(found[10] ?? 0));
  // 24:00:00 is the end of a day and :60 a leap second: both become the beginning of what follows.
  if (hour > 24 || (hour === 24 && minute + second + millisecond > 0) || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour, minute - zone, second, millisecond);
  const written = date.toISOString();
  return written.length === 24 ? written : undefined;
};
