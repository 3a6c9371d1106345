/** What is around every page: the index of all methods, and the search box. */
import { firstSentence, type Group } from './describe.ts';
import { type Html, html } from './html.ts';
import { script } from './style.ts';

export interface Page {
  /** Below `/docs`; empty for the first page. */
  slug: string;
  title: string;
  body: Html;
  /** A script of its own, beside the one that all pages have. */
  script?: string;
}

export const hrefOf = (slug: string): string => (slug === '' ? '/docs' : `/docs/${slug}`);

/** The pages that are not about one method. */
export const general = [
  { slug: '', title: 'Overview' },
  { slug: 'login', title: 'Logging in' },
  { slug: 'xml-rpc', title: 'XML-RPC' },
  { slug: 'soap', title: 'SOAP' },
  { slug: 'types', title: 'Types' },
  { slug: 'faults', title: 'Faults' },
  { slug: 'limits', title: 'Limits' },
  { slug: 'plugins', title: 'Plugins' },
] as const;

const entry = (current: string, slug: string, title: string, about: string): Html =>
  html`<li data-about="${about}"><a href="${hrefOf(slug)}"${slug === current ? html` aria-current="page"` : undefined}>${title}</a></li>`;

export const layout = (groups: readonly Group[], { slug, title, body, script: own }: Page): string => {
  const section = (heading: string, entries: Html[]) => html`<section><h2>${heading}</h2><ul>${entries}</ul></section>
`;
  const { html: text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} · Annelid</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<nav aria-label="Reference">
<a class="name" href="/docs">Annelid</a>
<details open><summary>Menu</summary>
<div class="all">
<label hidden><input type="search" placeholder="Search (press /)" aria-label="Search the reference"></label>
${section(
  'Reference',
  general.map((page) => entry(slug, page.slug, page.title, '')),
)}${groups.map(({ noun, methods }) =>
  section(
    noun,
    methods.map(({ name, doc }) => entry(slug, name, name, firstSentence(doc))),
  ),
)}</div>
</details>
</nav>
<main>
${body}
</main>
<script>${{ html: script }}</script>${own === undefined ? undefined : html`<script>${{ html: own }}</script>`}
</body>
</html>
`;
  return text;
};
