import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { xmlrpc } from '../../../daemon/frontends/xmlrpc/index.ts';
import { ApiDouble, failing } from '../../support/api-double.ts';
import { posting, routesOf } from '../../support/post.ts';

const folder = new URL('../../vectors/xmlrpc/', import.meta.url);

/** The sections of a vector: `== name` on a line, then its text. */
const sectionsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/^== /m)
      .slice(1)
      .map((section) => {
        const end = section.indexOf('\n');
        return [section.slice(0, end), section.slice(end + 1)];
      }),
  );

/** Vectors break lines between tags, replies do not. */
const joined = (xml: string): string => xml.trimEnd().replace(/>\n</g, '><');

describe('XML-RPC on the wire', () => {
  for (const file of readdirSync(folder)) {
    const sections = sectionsOf(readFileSync(new URL(file, folder), 'utf8'));
    it(`${sections.get('it')!.trim()} (${file})`, async () => {
      const api = new ApiDouble({
        'vm.start': failing('conflict', 'web1 is already running.'),
        'system.methodHelp': () => '\u0000\t\r\ud800😀',
      });
      const reply = await posting(routesOf(xmlrpc, api))(
        (sections.get('endpoint') ?? '/RPC2').trim(),
        sections.get('request')!,
      );
      const charset = sections.get('charset')?.trim() ?? 'utf-8';
      expect([reply.status, reply.headers]).to.deep.equal([200, { 'Content-Type': `text/xml; charset=${charset}` }]);
      const declaration = `<?xml version="1.0" encoding="${charset.toUpperCase()}"?>\n`;
      expect(reply.body).to.equal(declaration + joined(sections.get('reply')!));
      const asked = sections.get('asked');
      if (asked === undefined) return;
      const wanted = JSON.parse(asked) as [string, object, object?][];
      const seen = api.asked.map(({ method, params, request }, index) =>
        wanted[index]?.[2] === undefined ? [method, params] : [method, params, request.credentials],
      );
      expect(seen).to.deep.equal(wanted);
    });
  }
});
