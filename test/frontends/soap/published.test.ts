/** Services of plugins whose names are awkward. */
import { expect } from 'chai';
import { serviceFrom } from '../../../daemon/catalogue/published.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const asked = async (service: string, ...names: string[]) => {
  const made = serviceFrom({ service, methods: names.map((name) => ({ name })) }, 'lab', 'lab 1');
  const api = { ...fakeApi(), services: new Map([[service, made]]) };
  return request(soap.routes(fakeContext(api)), 'GET', `/soap/${service}`, { query: 'wsdl' });
};

describe('A published service in SOAP', () => {
  it('may have a method of its own name', async () => {
    const reply = await asked('meter', 'meter');
    expect(reply.status).to.equal(200);
    expect(String(reply.body)).to.contain('<wsdl:portType name="MeterPortType">');
    expect(String((await asked('meter', 'meter', 'meterPortType')).body)).to.contain('<wsdl:portType name="MeterApi">');
  });

  it('says why it cannot be served', async () => {
    const reply = await asked('meter', 'read', 'readResponse');
    expect(reply.status).to.equal(404);
    expect(reply.body).to.match(/^The service meter cannot be served over SOAP: .*readResponse/);
  });
});
