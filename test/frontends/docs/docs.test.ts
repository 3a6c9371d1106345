import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { paramsOf } from '../../../daemon/catalogue/method.ts';
import { html, prose } from '../../../daemon/frontends/docs/html.ts';
import { docs } from '../../../daemon/frontends/docs/index.ts';
import { limitGroups } from '../../../daemon/limits.ts';
import { faults } from '../../../plugin-protocol/faults.ts';
import { int, optional, record, string } from '../../../plugin-protocol/shape.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const api = fakeApi();
const routes = docs.routes(fakeContext(api));
const get = (path: string, headers: Record<string, string> = {}) => request(routes, 'GET', path, { headers });
const page = async (path: string) => (await get(path)).body as string;
const paths = [
  '',
  '/login',
  '/xml-rpc',
  '/soap',
  '/types',
  '/faults',
  '/limits',
  '/plugins',
  ...[...api.methods.keys()].map((name) => `/${name}`),
].map((below) => `/docs${below}`);
const anchors = (text: string) => new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));

describe('Documentation pages', () => {
  it('begin at /docs, where / leads', async () => {
    expect(await get('/')).to.deep.include({ status: 302, headers: { Location: '/docs' } });
    expect(await page('/docs'))
      .to.include('<h1>Annelid</h1>')
      .and.to.include('http://cloud.example/RPC2');
  });

  it('have a page for each method, with its prose, parameters, faults and example', async () => {
    for (const method of api.methods.values()) {
      const text = await page(`/docs/${method.name}`);
      expect(text).to.include(`<h1>${method.name}</h1>`);
      expect(text).to.include(prose(method.doc.split('`')[0] as string).html);
      for (const [name] of paramsOf(method)) expect(text).to.include(`<code>${name}</code>`);
      for (const kind of method.faults) expect(text).to.include(`href="/docs/faults#${kind}"`);
      expect(text.match(/type="radio"/g)).to.have.length(8);
    }
  });

  it('link to nothing that is not there', async () => {
    const all = new Map(await Promise.all(paths.map(async (path) => [path, await page(path)] as const)));
    let links = 0;
    for (const [from, text] of all) {
      for (const [, href = ''] of text.matchAll(/href="([^"]+)"/g)) {
        if (href === '/docs/style.css' || href === 'data:,') continue;
        const [path, anchor] = href.replace(/\?[^#]*/, '').split('#') as [string, string?];
        const target = all.get(path === '' ? from : path);
        expect(target, `${href} in ${from}`).to.be.a('string');
        if (anchor) expect(anchors(target as string).has(anchor), `${href} in ${from}`).to.equal(true);
        links += 1;
      }
    }
    expect(links).to.be.above(1000);
  });

  it('list every fault and every limit', async () => {
    const faultIds = anchors(await page('/docs/faults'));
    for (const kind of Object.keys(faults)) expect(faultIds.has(kind), kind).to.equal(true);
    const limitIds = anchors(await page('/docs/limits'));
    for (const [group, { properties }] of Object.entries(limitGroups)) {
      for (const name of Object.keys(properties)) expect(limitIds.has(`${group}.${name}`), name).to.equal(true);
    }
  });

  it('allow no script but their own, and nothing from elsewhere', async () => {
    const reply = await get('/docs/vm.list');
    const policy = reply.headers['Content-Security-Policy'] as string;
    const scripts = [...(reply.body as string).matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text as string);
    expect(scripts).to.have.length(1);
    expect(policy).to.include(
      `'sha256-${createHash('sha256')
        .update(scripts[0] as string)
        .digest('base64')}'`,
    );
    expect(policy).to.match(/^default-src 'none';/);
    for (const path of paths) expect(await page(path)).not.to.match(/(src|href)="(https?:)?\/\//);
  });

  it('escape what plugins say of their methods', async () => {
    const hostile = fakeApi();
    const known = hostile.methods.get('system.version');
    const evil = { ...known, name: 'evil.call', doc: '<script>alert(1)</script> & `<b>`' } as NonNullable<typeof known>;
    const context = fakeContext({ ...hostile, methods: new Map([...hostile.methods, [evil.name, evil]]) });
    const text = (await request(docs.routes(context), 'GET', '/docs/evil.call')).body as string;
    expect(text).to.include('&lt;script&gt;alert(1)&lt;/script&gt; &amp; <code>&lt;b&gt;</code>');
    expect(text.match(/<script>/g)).to.have.length(1);
  });

  it('are there for methods and parameters that are called as what every object has', async () => {
    const fresh = { ...fakeApi() };
    const params = record('Params', 'None.', { constructor: optional(string('A.')), valueOf: optional(int('B.')) });
    const base = fresh.methods.get('system.version')!;
    const method = { ...base, name: 'constructor.toString', params, example: { params: {}, result: null } };
    fresh.methods = new Map([...fresh.methods, [method.name, method as typeof base]]);
    const own = docs.routes(fakeContext(fresh));
    for (const path of ['/docs', '/docs/constructor.toString']) {
      const { status, body } = await request(own, 'GET', path);
      expect(status).to.equal(200);
      expect(body).to.include('constructor.toString').and.to.not.include('native code');
    }
  });

  it('have no long prose in their index', async () => {
    const fresh = { ...fakeApi() };
    const base = fresh.methods.get('system.version')!;
    const doc = 'endless '.repeat(5000);
    fresh.methods = new Map([...fresh.methods, ['a.b', { ...base, name: 'a.b', doc }]]);
    const own = docs.routes(fakeContext(fresh));
    expect((await request(own, 'GET', '/docs/login')).body)
      .to.include('endless')
      .and.to.not.include(doc);
    expect((await request(own, 'GET', '/docs/a.b')).body).to.include(doc);
  });

  it('show methods that were added while the daemon runs', async () => {
    const known = api.methods.get('system.version') as NonNullable<ReturnType<typeof api.methods.get>>;
    const changing = { ...api };
    const live = docs.routes(fakeContext(changing));
    expect((await request(live, 'GET', '/docs/billing.charge')).status).to.equal(404);
    changing.methods = new Map([...api.methods, ['billing.charge', { ...known, name: 'billing.charge' }]]);
    expect((await request(live, 'GET', '/docs/billing.charge')).status).to.equal(200);
  });

  it('answer 404 with a page for a path that is no page, names such as constructor included', async () => {
    for (const path of ['/docs/nope', '/docs/constructor', '/docs/../secret', '/docs/vm.list/x']) {
      const reply = await get(path);
      expect(reply.status).to.equal(404);
      expect(reply.body).to.include('<h1>Not found</h1>');
    }
    expect((await get('/docs/vm.list/')).status).to.equal(200);
  });

  it('answer 304 to a browser that has the page', async () => {
    const { headers } = await get('/docs');
    expect((await get('/docs', { 'if-none-match': `W/${headers.ETag}` })).status).to.equal(304);
    expect((await get('/docs', { 'if-none-match': '"another"' })).status).to.equal(200);
  });

  it('escape values in templates, and keep what is HTML already', () => {
    expect(html`<a title="${'"<&\'>'}">${[html`<b>${1}</b>`, undefined]}</a>`.html).to.equal(
      '<a title="&quot;&lt;&amp;&#39;&gt;"><b>1</b></a>',
    );
  });
});
