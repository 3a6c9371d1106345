/** The reference as web pages, made from the catalogue as it is now. */
import { createHash } from 'node:crypto';
import type { HttpReply, HttpRequest } from '../../wire/route.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { groupsOf } from './describe.ts';
import { html } from './html.ts';
import { layout, type Page } from './layout.ts';
import { linker, methodPage } from './method-page.ts';
import { faultsPage, limitsPage, loginPage, overviewPage, soapPage, typesPage, xmlrpcPage } from './pages.ts';
import { pluginsReply, pluginsSlug } from './plugins.ts';
import { securityHeaders, style } from './style.ts';

const htmlHeaders = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache', ...securityHeaders };

const notFound: Page = {
  slug: 'not-found',
  title: 'Not found',
  body: html`<h1>Not found</h1><p class="lead">There is no such page. The <a href="/docs">overview</a> lists all methods.</p>`,
};

/** Pages that are kept once they have been made. */
const mostKept = 100;

const render = ({ api, limits, publicUrl, profiles }: FrontendContext) => {
  const url = publicUrl();
  const groups = groupsOf(api.methods.values(), api.services);
  const link = linker(api.methods);
  const general = new Map<string, () => Page>([
    ['', () => overviewPage(groups, url)],
    ['login', () => loginPage(url)],
    ['xml-rpc', () => xmlrpcPage(url, api.services, profiles)],
    ['soap', () => soapPage(url, api.services, profiles)],
    ['types', () => typesPage(api.methods)],
    ['faults', () => faultsPage()],
    ['limits', () => limitsPage(limits)],
  ]);
  const { methods } = api;
  /** Undefined where there is none. */
  const pageAt = (slug: string): Page | undefined => {
    const method = methods.get(slug);
    return method === undefined ? general.get(slug)?.() : methodPage(method, url, link);
  };
  // Every page has the index of all methods, so that all of them would be much to keep, and to make in one go.
  const texts = new Map<string, string>();
  const textAt = (slug: string): string | undefined => {
    const known = texts.get(slug);
    if (known !== undefined) return known;
    const page = pageAt(slug);
    if (page === undefined) return undefined;
    const text = layout(groups, page);
    if (texts.size >= mostKept) texts.delete(texts.keys().next().value!);
    texts.set(slug, text);
    return text;
  };
  let missing: string | undefined;
  return {
    url,
    methods,
    textAt,
    around: (page: Page) => layout(groups, page),
    get missing() {
      missing ??= layout(groups, notFound);
      return missing;
    },
  };
};

const cached = (request: HttpRequest, headers: Record<string, string>, body: string): HttpReply => {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const tagged = { ...headers, ETag: tag };
  // A weak tag, as a proxy that compresses makes of it, means the same page.
  if (request.headers['if-none-match']?.includes(tag)) return { status: 304, headers: tagged, body: '' };
  return { status: 200, headers: tagged, body };
};

export const docs: Frontend = {
  name: 'docs',
  routes(context) {
    let made: ReturnType<typeof render> | undefined;
    /** The pages, made again when methods have come or gone, or the URL has changed. */
    const current = () => {
      if (made?.methods !== context.api.methods || made.url !== context.publicUrl()) made = render(context);
      return made;
    };
    const page = async (request: HttpRequest): Promise<HttpReply> => {
      const slug = request.path.slice('/docs'.length).replace(/^\/|\/$/g, '');
      if (slug === 'style.css') {
        return cached(request, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'no-cache' }, style);
      }
      const pages = current();
      if (slug === pluginsSlug || slug.startsWith(`${pluginsSlug}/`)) {
        const reply = await pluginsReply(context, request, slug, pages.around);
        return reply ?? { status: 404, headers: htmlHeaders, body: pages.missing };
      }
      const text = pages.textAt(slug);
      return text === undefined
        ? { status: 404, headers: htmlHeaders, body: pages.missing }
        : cached(request, htmlHeaders, text);
    };
    return [
      { path: '/docs', below: true, GET: page },
      { path: '/', GET: () => ({ status: 302, headers: { Location: '/docs' }, body: '' }) },
    ];
  },
};
