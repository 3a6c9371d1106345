/** What stands behind the `?` of an address. */
import type { Style } from '../service/service.ts';

/** The value of a name in a query, both in any case; empty when it has none, undefined when it is not there. */
export const queryValue = (query: string, wanted: string): string | undefined => {
  for (const [key, value] of new URLSearchParams(query)) if (key.toLowerCase() === wanted) return value;
  return undefined;
};

/** Whether a query asks for a WSDL; WCF asks for one in one piece by a name of its own, and ours are. */
export const asksForWsdl = (query: string): boolean =>
  queryValue(query, 'wsdl') !== undefined || queryValue(query, 'singlewsdl') !== undefined;

/** The queries that ask for a style, in a WSDL and in its addresses. */
export const styleQueries: Record<Style, string> = {
  document: 'style=document',
  encoded: 'style=rpc',
  rpc: 'style=rpc&use=literal',
};

/** The style that a query asks for: undefined when it asks for none, null for one that is not served. */
export const styleFromQuery = (query: string): Style | undefined | null => {
  if (query === '') return undefined;
  const style = queryValue(query, 'style');
  if (style === undefined) return undefined;
  const asked = { style, use: queryValue(query, 'use') ?? (style === 'rpc' ? 'encoded' : 'literal') };
  if (asked.style === 'document' && asked.use === 'literal') return 'document';
  if (asked.style !== 'rpc') return null;
  return asked.use === 'encoded' ? 'encoded' : asked.use === 'literal' ? 'rpc' : null;
};
