/** Whether a reply is the one that a suite shows, as far as the suite means it. */
import { childOf, type Element, printed, readInfoset } from './infoset.ts';

const soap12 = 'http://www.w3.org/2003/05/soap-envelope';

/**
 * What is compared of a fault. The sentence is the server's own, unless the service wrote it: then there is a detail or a
 * header with it. `NotUnderstood` and `Upgrade`, which SOAP 1.2 part 1, sections 5.4.7 and 5.4.8, has for such
 * faults, PHP leaves out; a subcode more says more.
 */
const faultIn = (envelope: Element, like: Element): Element => {
  const header = childOf(envelope, 'Header');
  const fault = childOf(childOf(envelope, 'Body'), 'Fault')!;
  const expected = childOf(childOf(like, 'Body'), 'Fault')!;
  const own = header?.children.filter(({ name }) => !name.startsWith(`{${soap12}}`)) ?? [];
  const fromService = childOf(expected, 'detail') !== undefined || childOf(like, 'Header') !== undefined;
  const parts = fault.children.flatMap((part) => {
    const local = part.name.replace(/^\{.*\}/, '');
    if (local === 'Code') {
      const wanted = childOf(childOf(expected, 'Code'), 'Subcode');
      return { ...part, children: part.children.filter(({ name }) => wanted || !name.endsWith('Subcode')) };
    }
    // The language of a sentence is optional.
    if (local === 'Reason') return fromService ? { ...part, children: part.children.map(plain) } : [];
    if (local === 'faultstring') return fromService ? part : [];
    return childOf(expected, local) === undefined ? [] : part;
  });
  return { ...fault, children: [...own, ...parts] };
};
const plain = (element: Element): Element => ({ ...element, attributes: {} });

const isFault = (envelope: Element): boolean => childOf(childOf(envelope, 'Body'), 'Fault') !== undefined;

/** Undefined when it is; otherwise both as text. */
export const difference = (expected: string, got: string): string | undefined => {
  const [wanted, seen] = [readInfoset(expected), readInfoset(got)];
  const [left, right] =
    isFault(wanted) && isFault(seen) ? [faultIn(wanted, wanted), faultIn(seen, wanted)] : [wanted, seen];
  const [a, b] = [printed(left), printed(right)];
  return a === b ? undefined : `expected\n${a}but got\n${b}`;
};

/** The code of a fault without prefixes, subcodes behind it: `Sender MissingID`; empty for no fault. */
export const codeOf = (reply: string): string => {
  const fault = childOf(childOf(readInfoset(reply), 'Body'), 'Fault');
  const codes: string[] = [childOf(fault, 'faultcode')?.text ?? ''];
  for (let code = childOf(fault, 'Code'); code !== undefined; code = childOf(code, 'Subcode')) {
    codes.push(childOf(code, 'Value')?.text ?? '');
  }
  return codes
    .filter((code) => code !== '')
    .map((code) => code.replace(/^\{.*\}|^.*:/, ''))
    .join(' ');
};
