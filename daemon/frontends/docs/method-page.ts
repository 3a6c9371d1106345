/** The page of one method. */
import { fieldsOf, type Shape } from '../../../plugin-protocol/shape.ts';
import { type Method, paramsOf } from '../../catalogue/method.ts';
import { boundsOf, defaultOf, faultCodes, faultsOf, permissions, typeOf } from './describe.ts';
import { examplesOf } from './examples.ts';
import { type Html, html, prose } from './html.ts';
import { hrefOf, type Page } from './layout.ts';

/** Code that names a method, or a kind of fault, leads to it. */
export const linker =
  (known: ReadonlyMap<string, Method>) =>
  (code: string): string | undefined =>
    known.has(code) ? hrefOf(code) : undefined;
type Link = ReturnType<typeof linker>;

const typeCell = (shape: Shape): Html => {
  const { words, record } = typeOf(shape);
  return record === undefined ? html`${words}` : html`<a href="/docs/types#${record}">${words}</a>`;
};

const boundsCell = (shape: Shape): Html => {
  const standIn = defaultOf(shape);
  return html`<td class="bounds">${prose(boundsOf(shape))}${standIn === undefined ? undefined : html`<small>default <code>${standIn}</code></small>`}</td>`;
};

/** Fields or parameters as a table. */
export const fieldTable = (what: string, fields: ReturnType<typeof fieldsOf>, link: Link): Html =>
  html`<div class="wide fields"><table>
<thead><tr><th>${what}</th><th>Type</th><th>Bounds</th><th>Meaning</th></tr></thead>
<tbody>
${fields.map(
  ([name, shape, required]) =>
    html`<tr><th scope="row"><code>${name}</code>${required ? html`<span class="needed">required</span>` : undefined}</th><td>${typeCell(shape)}</td>${boundsCell(shape)}<td>${prose(shape.description, link)}</td></tr>
`,
)}</tbody>
</table></div>`;

/** Examples, one language at a time: radio buttons, so that it works without the script. */
const tabs = (method: Method, url: string): Html =>
  html`<div class="tabs">
${examplesOf(method, url).map(
  ({ title, code }, at) =>
    html`<input type="radio" name="language" id="tab${at}" value="${title}"${at === 0 ? html` checked` : undefined}><label for="tab${at}">${title}</label><pre tabindex="0"><code>${code}</code></pre>
`,
)}</div>`;

export const methodPage = (method: Method, url: string, link: Link): Page => {
  const params = paramsOf(method);
  const { words, record } = typeOf(method.result);
  const inner = method.result['x-kind'] === 'record' ? method.result : undefined;
  return {
    slug: method.name,
    title: method.name,
    body: html`<h1>${method.name}</h1>
<p class="lead">${prose(method.doc, link)}</p>
<ul class="facts"><li>Allowed to: <b>${prose(permissions[method.permission])}</b></li><li>Since <b>${method.since}</b></li>${
      method.changes ? html`<li>Answers an <a href="/docs/types#Operation">operation</a></li>` : undefined
    }${method.calls === undefined ? undefined : html`<li>Plugin call <b>${method.calls}</b></li>`}</ul>
<h2>Parameters</h2>
${
  params.length === 0
    ? html`<p>None.</p>`
    : html`<p>In this order where a wire takes them by position.</p>
${fieldTable('Parameter', params, link)}`
}
<h2>Result</h2>
<p>${record === undefined ? html`<b>${words}</b>` : html`<a href="/docs/types#${record}"><b>${words}</b></a>`}. ${prose(method.returns, link)}</p>
${inner === undefined ? undefined : html`<details><summary>Fields of ${words}</summary>${fieldTable('Field', fieldsOf(inner), link)}</details>`}
<h2>Example</h2>
${tabs(method, url)}
<p>The result, as JSON:</p>
<pre tabindex="0"><code>${JSON.stringify(method.example.result, null, 2)}</code></pre>
<h2>Faults</h2>
<div class="wide"><table>
<thead><tr><th>Kind</th><th>Code</th><th>Meaning</th></tr></thead>
<tbody>
${faultsOf(method).map(
  (kind) =>
    html`<tr><th scope="row"><a href="/docs/faults#${kind}"><code>${kind}</code></a></th><td>${faultCodes(kind).wire}</td><td>${prose(faultCodes(kind).doc)}</td></tr>
`,
)}</tbody>
</table></div>`,
  };
};
