/** Services of plugins whose names are awkward. */
import { expect } from 'chai';
import { serviceFrom } from '../../../daemon/catalogue/published.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const askedAt = async (path: string, service: string, ...names: string[]) => {
  const made = serviceFrom({ service, methods: names.map((name) => ({ name })) }, 'lab', 'lab 1');
  const api = { ...fakeApi(), services: new Map([[service, made]]) };
  return request(soap.routes(fakeContext(api)), 'GET', path, { query: 'wsdl' });
};
const asked = (service: string, ...names: string[]) => askedAt(`/soap/${service}`, service, ...names);

describe('A published service in SOAP', () => {
  it('may have a method of its own name', async () => {
    const reply = await asked('meter', 'meter');
    expect(reply.status).to.equal(200);
    expect(String(reply.body)).to.contain('<wsdl:portType name="MeterPortType">');
    expect(String((await asked('meter', 'meter', 'meterPortType')).body)).to.contain('<wsdl:portType name="MeterApi">');
  });

  it('is found with a slash at the end of its path, as is that of the catalogue', async () => {
    expect(await askedAt('/soap/meter/', 'meter', 'read')).to.deep.equal(await asked('meter', 'read'));
    const own = await askedAt('/soap/', 'meter', 'read');
    expect(String(own.body)).to.contain('<wsdl:service name="AnnelidService">');
    expect((await askedAt('/soap//', 'meter', 'read')).status).to.equal(404);
  });

  it('says why it cannot be served', async () => {
    const reply = await asked('meter', 'read', 'readResponse');
    expect(reply.status).to.equal(404);
    expect(reply.body).to.match(/^The service meter cannot be served over SOAP: .*readResponse/);
  });
});
