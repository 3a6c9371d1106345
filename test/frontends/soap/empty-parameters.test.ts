/** Parameters of a plugin's method that are empty: values, unless the call shows that what is not set is written so. */
import { expect } from 'chai';
import { method } from '../../../daemon/catalogue/method.ts';
import { serve } from '../../../daemon/frontends/soap/index.ts';
import { operationFrom, type Service, wsdlNamesFor } from '../../../daemon/frontends/soap/service/service.ts';
import { bool, int, list, map, optional, string } from '../../../plugin-protocol/shape.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const tag = method('meter.tag', {
  since: '1.0',
  doc: 'Change a meter.',
  params: {
    about: optional(string('What it is for.')),
    tags: optional(list(string('A tag.'), 'All tags.')),
    labels: optional(map('All labels.')),
    days: optional(int('Days.')),
    rooms: list(string('A room.'), 'All rooms.'),
  },
  result: bool('Whether it was changed.'),
  returns: 'It.',
  permission: 'public',
  example: { params: { rooms: [] }, result: true },
});
const namespace = 'urn:meter';
const service: Service = {
  path: '/soap/meter',
  namespace,
  typeNamespace: namespace,
  style: 'document',
  names: wsdlNamesFor('Meter'),
  operations: [operationFrom(tag, 'Tag', namespace)],
};

const paramsOf = async (params: string, declared = 'xmlns="urn:meter"') => {
  const api = { ...fakeApi(), methods: new Map([[tag.name, tag]]) };
  const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"><e:Body><m:Tag xmlns:m="urn:meter" ${declared}>${params}</m:Tag></e:Body></e:Envelope>`;
  await request([serve(service, fakeContext(api as never))], 'POST', service.path, { body });
  return api.calls[0]?.params;
};

describe('Empty parameters over SOAP', () => {
  it('are values', async () => {
    const empty = { about: '', tags: [], labels: {}, rooms: [] };
    expect(await paramsOf('<about/><tags/><labels/><rooms/>')).to.deep.equal(empty);
    expect(await paramsOf('<about/><tags/><labels/><days x:nil="true"/><rooms/>')).to.deep.equal(empty);
    expect(await paramsOf('<about/><tags/><labels/><days>0</days><rooms/>')).to.deep.equal({ ...empty, days: 0 });
  });

  it('of rpc/literal are values too, but for text', async () => {
    const params = await paramsOf('<about/><tags/><labels/><rooms/>', '');
    expect(params).to.deep.equal({ tags: [], labels: {}, rooms: [] });
  });

  it('are left out where they may be and another is empty that has no empty value: lists and maps', async () => {
    expect(await paramsOf('<about/><tags/><labels/><days/><rooms/>')).to.deep.equal({ about: '', rooms: [] });
    expect(await paramsOf('<days> </days><rooms/><labels/><tags/>', '')).to.deep.equal({ rooms: [] });
    const filled = '<tags><item/></tags><labels><item><key>a</key></item></labels><days/><rooms/>';
    expect(await paramsOf(filled)).to.deep.equal({ tags: [''], labels: { a: '' }, rooms: [] });
  });
});
