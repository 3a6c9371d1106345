/** The pages that are not about one method. */
import { type FaultKind, faults } from '../../../plugin-protocol/faults.ts';
import { fieldsOf } from '../../../plugin-protocol/shape.ts';
import { soapService } from '../../catalogue/index.ts';
import type { Method } from '../../catalogue/method.ts';
import { namedRecords } from '../../catalogue/records.ts';
import { type Api, tokenPrefix } from '../../core/api.ts';
import { type Limits, limitGroups } from '../../limits.ts';
import type { ServiceProfile } from '../service-profile.ts';
import { wsdls } from '../soap-documents.ts';
import { switches } from '../xmlrpc-switches.ts';
import { faultCodes, firstSentence, type Group } from './describe.ts';
import { wires } from './examples.ts';
import { html, prose } from './html.ts';
import { hrefOf, type Page } from './layout.ts';
import { fieldTable, linker } from './method-page.ts';

export const overviewPage = (groups: readonly Group[], url: string): Page => ({
  slug: '',
  title: 'Overview',
  body: html`<h1>Annelid</h1>
<p class="lead">Any management tool drives any cloud. Every method below can be called over XML-RPC, SOAP, JSON-RPC and from the command line, with the same parameters, results and faults.</p>
<h2>Where</h2>
<div class="wide"><table><thead><tr><th>What</th><th>URL</th><th></th></tr></thead><tbody>
${wires.map(
  ({ name, path, doc }) =>
    html`<tr><th scope="row">${name}</th><td><code>${url}${path}</code></td><td>${prose(doc)}</td></tr>
`,
)}</tbody></table></div>
<p>Next: <a href="/docs/login">log in</a>, then <a href="/docs/vm.list">list the machines</a>.</p>
${groups.map(
  ({ noun, doc, methods }) => html`<section id="${noun}"><h2><a href="#${noun}">${noun}</a></h2>
<p>${prose(doc)}</p>
<ul class="methods">
${methods.map(
  (
    method,
  ) => html`<li><a href="${hrefOf(method.name)}"><code>${method.name}</code></a><span>${prose(firstSentence(method.doc))}</span></li>
`,
)}</ul></section>
`,
)}`,
});

export const loginPage = (url: string): Page => ({
  slug: 'login',
  title: 'Logging in',
  body: html`<h1>Logging in</h1>
<p class="lead">A user has a name and a password. Send both with every call, or exchange them once for a token with <a href="/docs/session.login"><code>session.login</code></a>. A token begins with <code>${tokenPrefix}</code>, so it is never taken for anything else.</p>
<h2>A name and a password, with every call</h2>
<p>HTTP Basic, which nearly every client can do, often in the URL itself.</p>
<pre tabindex="0"><code>curl -u USER:PASSWORD -H 'Content-Type: application/json' ${url}/jsonrpc -d '{"jsonrpc":"2.0","id":1,"method":"session.whoami"}'</code></pre>
<h2>A token</h2>
<pre tabindex="0"><code>curl -H 'Content-Type: application/json' ${url}/jsonrpc -d '{"jsonrpc":"2.0","id":1,"method":"session.login","params":{"user":"USER","password":"PASSWORD"}}'
curl -H 'Authorization: Bearer ${tokenPrefix}…' -H 'Content-Type: application/json' ${url}/jsonrpc -d '{"jsonrpc":"2.0","id":2,"method":"session.whoami"}'</code></pre>
<p>A client that can send Basic and nothing else sends the token as the password, with any name.</p>
<h2>Clients that can set no header</h2>
<p>On XML-RPC the token may stand before the other parameters:</p>
<pre tabindex="0"><code>import xmlrpc.client

api = xmlrpc.client.ServerProxy("${url}/RPC2")
token = api.session.login("USER", "PASSWORD")["token"]
print(api.vm.list(token))</code></pre>
<p>On SOAP a name and a password may stand in a <a href="/docs/soap">WS-Security <code>UsernameToken</code></a>.</p>
<h2>Clients that send what they have only when they are asked</h2>
<p>SOAP and JSON-RPC ask with HTTP 401. XML-RPC answers with a fault, since most of its clients lose one that is not on HTTP 200; it asks at <a href="/docs/xml-rpc#auth"><code>${url}/RPC2?auth=challenge</code></a>.</p>
<h2>How long a token is good for</h2>
<p>Until it has not been used for a while (<a href="/docs/limits#store.sessionSeconds"><code>store.sessionSeconds</code></a>), or until <a href="/docs/session.logout"><code>session.logout</code></a>. A user has at most <a href="/docs/limits#store.sessions"><code>store.sessions</code></a>: a further login ends the one that was not used for the longest.</p>`,
});

/** Services of plugins, in their own form and in those that the configuration has for them, each with its address. */
const servedBelow = (
  services: Api['services'],
  profiles: readonly ServiceProfile[],
  addressOf: (name: string) => string,
  furtherOf: (profile: ServiceProfile) => string[],
) => {
  const forms = profiles.flatMap((profile) => {
    const { name, service, wsdl } = profile;
    const of = services.get(service);
    if (of === undefined) return [];
    const how = wsdl === undefined ? 'under names of its own' : 'as an existing contract has it';
    return [{ name, doc: `${of.doc} The service ${service}, ${how}.`.trim(), further: furtherOf(profile) }];
  });
  const shadowed = new Set(forms.map(({ name }) => name));
  const own = [...services.values()].filter(({ name }) => !shadowed.has(name));
  const all = [...own.map(({ name, doc }) => ({ name, doc, further: [] })), ...forms];
  return html`<div class="wide"><table><thead><tr><th>Address</th><th>What it is</th></tr></thead><tbody>
${all.map(
  ({
    name,
    doc,
    further,
  }) => html`<tr><th scope="row">${[addressOf(name), ...further].map((address, at) => html`${at === 0 ? undefined : html`<br>`}<code>${address}</code>`)}</th><td>${prose(doc)}</td></tr>
`,
)}</tbody></table></div>`;
};

export const xmlrpcPage = (url: string, services: Api['services'], profiles: readonly ServiceProfile[] = []): Page => ({
  slug: 'xml-rpc',
  title: 'XML-RPC',
  body: html`<h1>XML-RPC</h1>
<p class="lead">Replies are written so that every client can read them. A client that can read more, or less, says so in the address: <code>${url}/RPC2?nil=nil&amp;text=bmp</code>, or <code>${url}/RPC2/nil=nil&amp;text=bmp</code> where it drops what stands behind the question mark. What the address says holds whatever a call shows. What is read depends on <code>references</code> alone.</p>
${Object.entries(switches).map(
  ([name, { doc, settings }]) => html`<section id="${name}"><h2><a href="#${name}"><code>${name}</code></a></h2>
<p>${prose(doc)}</p>
<div class="wide"><table><thead><tr><th>Setting</th><th>What it does</th></tr></thead><tbody>
${Object.entries(settings).map(
  ([setting, about], at) =>
    html`<tr><th scope="row"><code>${setting}</code></th><td>${prose(about)}${at === 0 ? ' The default.' : ''}</td></tr>
`,
)}</tbody></table></div></section>
`,
)}
${
  services.size === 0
    ? undefined
    : html`<h2>Services of plugins</h2>
<p>What a plugin publishes is at <code>${url}/RPC2</code> as everything is, and at an endpoint of its own without the name of the service before those of its methods.</p>
${servedBelow(
  services,
  profiles,
  (name) => `${url}/RPC2/${name}`,
  ({ xmlrpcPaths = [] }) => xmlrpcPaths.map((path) => `${url}${path}`),
)}`
}`,
});

export const soapPage = (url: string, services: Api['services'], profiles: readonly ServiceProfile[] = []): Page => ({
  slug: 'soap',
  title: 'SOAP',
  body: html`<h1>SOAP</h1>
<p class="lead">SOAP 1.1 and 1.2 in every style, all at <code>${url}/soap</code>. A client is answered in the style of its request.</p>
<h2>WSDLs</h2>
<div class="wide"><table><thead><tr><th>Address</th><th>For</th></tr></thead><tbody>
${wsdls.map(
  ({ query, doc }) => html`<tr><th scope="row"><code>${url}/soap?${query}</code></th><td>${prose(doc)}</td></tr>
`,
)}</tbody></table></div>
${
  services.size === 0
    ? undefined
    : html`<h2>Services of plugins</h2>
<p>What a plugin publishes is a service of its own, with its own WSDLs, as long as the plugin is there.</p>
${servedBelow(
  services,
  profiles,
  (name) => `${url}${soapService(name).path}?wsdl`,
  ({ soapPaths = [] }) => soapPaths.map((path) => `${url}${path}?wsdl`),
)}`
}
<h2>Without a WSDL</h2>
<p>An operation has the name of its method without the dot, <code>vmStart</code>, or with it. Parameters may have their names, or names that the library makes up: then they are taken in order. References, arrays of SOAP and maps of Apache are read in every style.</p>
<h2>Bytes</h2>
<p>As <code>base64Binary</code>, or beside the message as MTOM has it. SOAP with Attachments and DIME are not accepted.</p>
<h2>WS-Security</h2>
<p>A <code>UsernameToken</code> may say who is calling, instead of HTTP Basic. As text it holds a name and a password, or a token in place of the password. A digest is made of a token of <a href="/docs/session.login"><code>session.login</code></a>, never of the password: passwords are kept as hashes, from which no digest can be made. Such a token is good for digests until the daemon is started again. Times may be <a href="/docs/limits#soap.securityWindowSeconds"><code>soap.securityWindowSeconds</code></a> away from now, and each nonce is good once.</p>
<p>Signatures and encryption are not read. A <code>Security</code> header that has to be understood and holds such is refused.</p>
<h2>WS-Addressing</h2>
<p>Its headers are understood, in the namespaces of 2005 and 2004, and answered with <code>Action</code> and <code>RelatesTo</code>. A reply goes out on the connection of its request: a <code>ReplyTo</code> of another address, or with reference parameters, is refused. A <code>WSHttpBinding</code> of .NET calls so with <code>SecurityMode.None</code>.</p>`,
});

export const typesPage = (methods: ReadonlyMap<string, Method>): Page => ({
  slug: 'types',
  title: 'Types',
  body: html`<h1>Types</h1>
<p class="lead">The records that methods take and return. A published record never changes: what is new gets a new type, so that generated clients go on working. A field that is not required is left out when there is nothing to say.</p>
${[...namedRecords(methods.values())].map(
  ([name, shape]) => html`<section id="${name}"><h2><a href="#${name}">${name}</a></h2>
<p>${prose(shape.description)}</p>
${fieldTable('Field', fieldsOf(shape), linker(methods))}</section>
`,
)}`,
});

export const faultsPage = (): Page => ({
  slug: 'faults',
  title: 'Faults',
  body: html`<h1>Faults</h1>
<p class="lead">Every way in which a call can fail. XML-RPC and JSON-RPC send the code; all wires send the kind, a sentence, and where it helps the field, the resource and the operation meant.</p>
<div class="wide"><table>
<thead><tr><th>Kind</th><th>Code</th><th>HTTP-like</th><th>Again later?</th><th>Meaning</th></tr></thead>
<tbody>
${(Object.keys(faults) as FaultKind[]).map((kind) => {
  const { wire, code, retry, doc } = faultCodes(kind);
  return html`<tr id="${kind}"><th scope="row"><a href="#${kind}"><code>${kind}</code></a></th><td>${wire}</td><td>${code}</td><td>${retry ? 'yes' : 'no'}</td><td>${prose(doc)}</td></tr>
`;
})}</tbody></table></div>`,
});

export const limitsPage = (limits: Limits): Page => ({
  slug: 'limits',
  title: 'Limits',
  body: html`<h1>Limits</h1>
<p class="lead">Every limit of the daemon, as it is set here. In the configuration they stand under <code>limits</code>, each in its group: <code>limits: {http: {bodyBytes: 67108864}}</code>. For one start it is <code>annelid serve --set limits.http.bodyBytes=67108864</code>.</p>
${Object.entries(limitGroups).map(([group, of]) => {
  const set = limits[group as keyof Limits] as Record<string, number>;
  return html`<section id="${group}"><h2><a href="#${group}">${group}</a></h2>
<p>${prose(of.description)}</p>
<div class="wide"><table>
<thead><tr><th>Name</th><th>Set to</th><th>Default</th><th>What it bounds</th></tr></thead>
<tbody>
${fieldsOf(of).map(
  ([name, shape]) =>
    html`<tr id="${group}.${name}"><th scope="row"><code>${group}.${name}</code></th><td>${set[name]}</td><td>${String(shape.default)}</td><td>${prose(shape.description)}</td></tr>
`,
)}</tbody></table></div></section>
`;
})}`,
});
