/**
 * What connectors claim and what they have proven, as pages. They show what the caller may read, and no more: everybody that
 * there are such pages, users how their connectors are, administrators everything.
 */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { ConnectorProof, ProvenCall } from '../../catalogue/proof.ts';
import type { Connector } from '../../catalogue/resources.ts';
import type { HttpReply, HttpRequest } from '../../wire/route.ts';
import type { FrontendContext } from '../frontend.ts';
import { challenge, HttpCall } from '../http-call.ts';
import { type Html, html } from './html.ts';
import { hrefOf, type Page } from './layout.ts';
import { liveHeaders, liveScript } from './live-script.ts';
import { liveStream } from './live-stream.ts';

export const pluginsSlug = 'plugins';
const hrefOfConnector = (id: string) => hrefOf(`${pluginsSlug}/${encodeURIComponent(id)}`);
const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...liveHeaders };

interface Shown {
  connector: Connector;
  /** Undefined for those who may not read it. */
  proof: ConnectorProof | undefined;
}

const moment = (iso: string): Html => html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;

const fact = (name: string, value: Html | string | number) => html`<li>${name} <b>${value}</b></li>`;

const isProven = ({ succeeded }: ProvenCall): boolean => succeeded !== '0';

const factsOf = ({ connector, proof }: Shown): Html => {
  const { plugin, version, restarts, changed } = connector;
  const claimed = proof?.calls.filter((call) => call.claimed) ?? [];
  return html`<ul class="facts">${fact('plugin', version === undefined ? plugin : `${plugin} ${version}`)}${fact('since', moment(changed))}${fact('restarts', restarts)}${
    proof === undefined ? undefined : fact('proven', `${claimed.filter(isProven).length} of ${claimed.length} calls`)
  }${proof === undefined || proof.services.length === 0 ? undefined : fact('publishes', proof.services.join(', '))}${
    proof === undefined || proof.features.length === 0 ? undefined : fact('features', proof.features.join(', '))
  }</ul>`;
};

const stateOf = ({ state }: Connector): Html => html`<span class="state ${state}">${state}</span>`;

const whyOf = ({ message }: Connector): Html | undefined =>
  message === undefined ? undefined : html`<p class="why">${message}</p>`;

const callRow = (proven: ProvenCall): Html => {
  const { call, claimed, succeeded, failed, last, medianMs } = proven;
  return html`<tr${isProven(proven) ? undefined : html` class="unproven"`}><th scope="row"><code>${call}</code>${
    claimed ? undefined : html` <small>not claimed</small>`
  }</th><td class="number">${succeeded}</td><td class="number${failed === '0' ? '' : ' bad'}">${failed}</td><td class="number">${
    medianMs === undefined ? '–' : `${medianMs < 10 ? medianMs.toFixed(2) : Math.round(medianMs)} ms`
  }</td><td>${last === undefined ? 'never' : moment(last)}</td></tr>
`;
};

const latestFailure = (proof: ConnectorProof | undefined): Html | undefined => {
  const latest = proof?.failures[0];
  return latest === undefined
    ? undefined
    : html`<p class="latest">Latest failure: <code>${latest.call}</code>, ${moment(latest.time)}: ${latest.message || latest.kind}</p>`;
};

const failuresOf = ({ failures }: ConnectorProof): Html | undefined =>
  failures.length === 0
    ? undefined
    : html`<h2>Latest failures</h2>
<div class="wide stacked"><table><thead><tr><th>When</th><th>Call</th><th>Kind</th><th>What the plugin said</th></tr></thead><tbody>
${failures.map(
  ({ time, call, kind, message }) =>
    html`<tr><td>${moment(time)}</td><td><code>${call}</code></td><td>${kind}</td><td>${message}</td></tr>
`,
)}</tbody></table></div>`;

const provenOf = ({ calls, since }: ConnectorProof): Html => html`<h2>Claimed and proven</h2>
<p>Counted from real calls since ${moment(since)}. What was never called is claimed, and no more.</p>
<div class="wide"><table><thead><tr><th>Call</th><th class="number">Succeeded</th><th class="number">Failed</th><th class="number">Median</th><th>Last</th></tr></thead><tbody>
${calls.length === 0 ? html`<tr><td colspan="5">It claims nothing.</td></tr>` : calls.map(callRow)}</tbody></table></div>`;

/** A page of which a part is shown anew whenever it reads otherwise. */
interface LivePage {
  title: string;
  lead: Html;
  live: Html;
}

const pageOf = ({ title, lead, live }: LivePage): Page => ({
  slug: pluginsSlug,
  title,
  body: html`${lead}
<p id="note" role="status">Load the page again to see what has changed.</p>
<div id="live">${live}</div>`,
  script: liveScript,
});

const overview = (shown: readonly Shown[]): LivePage => ({
  title: 'Plugins',
  lead: html`<h1>Plugins</h1>
<p class="lead">The connectors of this daemon: how each is, what its plugin claims, and what of that real traffic has proven.</p>`,
  live:
    shown.length === 0
      ? html`<p>No connector is configured.</p>`
      : html`${shown.map(
          (
            one,
          ) => html`<section><h2><a href="${hrefOfConnector(one.connector.id)}">${one.connector.id}</a>${stateOf(one.connector)}</h2>
${whyOf(one.connector)}${factsOf(one)}${latestFailure(one.proof)}</section>
`,
        )}`,
});

const connectorPage = (shown: Shown): LivePage => {
  const { connector, proof } = shown;
  return {
    title: connector.id,
    lead: html`<p><a href="${hrefOf(pluginsSlug)}">All plugins</a></p>`,
    live: html`<h1>${connector.id}${stateOf(connector)}</h1>
${whyOf(connector)}${factsOf(shown)}${
  proof === undefined
    ? html`<p>What it claims and has proven is for administrators.</p>`
    : [failuresOf(proof), provenOf(proof)]
}`,
  };
};

const login: Page = {
  slug: pluginsSlug,
  title: 'Plugins',
  body: html`<h1>Plugins</h1>
<p class="lead">What the plugins of this daemon claim, and what of that real traffic has proven, is shown to those who have <a href="${hrefOf(pluginsSlug)}?login">logged in</a>.</p>
<p>The same can be read with <a href="${hrefOf('connector.list')}"><code>connector.list</code></a> and <a href="${hrefOf('connector.proof')}"><code>connector.proof</code></a>.</p>`,
};

/** Reads as the caller, so that the rules of the pipeline hold here as everywhere. */
const readerOf = ({ api }: FrontendContext, request: HttpCall) => {
  const call = async <T>(name: string, params: Record<string, unknown>): Promise<T> =>
    (await api.call(api.methods.get(name)!, params, request)) as T;
  return {
    async connectors(): Promise<Connector[]> {
      const all: Connector[] = [];
      for (let after: string | undefined; ; ) {
        type Found = { items: Connector[]; next?: string };
        const found: Found = await call('connector.list', { limit: 1000, ...(after === undefined ? {} : { after }) });
        all.push(...found.items);
        if (found.next === undefined) return all;
        after = found.next;
      }
    },
    connector: (connector: string) => call<Connector>('connector.get', { connector }),
    async shown(connector: Connector): Promise<Shown> {
      try {
        return { connector, proof: await call<ConnectorProof>('connector.proof', { connector: connector.id }) };
      } catch (error) {
        if (error instanceof Fault && error.kind === 'forbidden') return { connector, proof: undefined };
        throw error;
      }
    },
  };
};

/** A page for whoever asks, or the stream of its live part. `render` puts around it what is around every page. Undefined: there is no such page. */
export const pluginsReply = async (
  context: FrontendContext,
  request: HttpRequest,
  slug: string,
  render: (page: Page) => string,
): Promise<HttpReply | undefined> => {
  const call = new HttpCall('docs', request);
  if (call.credentials.kind === 'none') {
    const asked = request.query === 'login';
    return { status: asked ? 401 : 200, headers: { ...headers, ...(asked ? challenge : {}) }, body: render(login) };
  }
  const reader = readerOf(context, call);
  const name = slug.slice(pluginsSlug.length + 1);
  const read = async (): Promise<LivePage> =>
    name === ''
      ? overview(await Promise.all((await reader.connectors()).map(reader.shown)))
      : connectorPage(await reader.shown(await reader.connector(decodeURIComponent(name))));
  try {
    if (request.query === 'live') {
      const follower = { call, last: request.headers['last-event-id'] };
      return await liveStream(context, follower, async () => (await read()).live.html);
    }
    return { status: 200, headers, body: render(pageOf(await read())) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    if (!(error instanceof Fault)) throw error;
    if (error.kind === 'not-found') return undefined;
    if (error.kind === 'unauthenticated')
      return { status: 401, headers: { ...headers, ...challenge }, body: render(login) };
    const body = html`<h1>Plugins</h1><p class="lead">${error.message}</p>`;
    return { status: 503, headers, body: render({ slug: pluginsSlug, title: 'Plugins', body }) };
  }
};
