import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { clientDaemons } from '../client-daemons.ts';
import { sdk, systemRuby } from './command.ts';

const run = async (code: string, ...args: string[]) =>
  (await execa(systemRuby, ['-w', `-I${join(sdk, 'lib')}`, '-rannelid/client', '-e', code, ...args])).stdout.split(
    '\n',
  );

describe("Ruby's client, at a real daemon", function () {
  this.timeout(60_000);
  const daemons = clientDaemons('ruby sdk');

  it('reads page by page, waits, and raises faults by their kind', async () => {
    const daemon = await daemons.start();
    const said = await run(
      `api = Annelid::Client.local(ARGV[0])
every = api.vm.list[:items].map { |vm| vm[:name] }
p every == api.items("vm.list", limit: 1).map { |vm| vm[:name] }, every.size > 1
made = api.wait(api.vm.create("rb", memoryMiB: 64, labels: { tier: "front" }))
p [made[:state], api.wait(made[:id])[:method], api.vm.get("rb")[:labels][:tier]]
p api.wait(api.vm.start("rb", wait: 30))[:state]
stranger = Annelid::Client.new(ARGV[1], "admin", "wrong")
[-> { api.vm.start("rb") }, -> { api.vm.get("none") }, -> { api.vm.create("x", memoryMiB: 1) }, -> { stranger.vm.list }].each do |refused|
  refused.call
rescue Annelid::Fault => fault
  p [fault.class, fault.field, fault.code]
end
cursor = api.event.poll[:next]
api.wait(api.vm.power_off("rb"))
api.vm.delete("rb", wait: 30)
events = api.event.poll(after: cursor, types: ["vm.state", "vm.deleted"])[:events]
p events.select { |event| event[:resource] == made[:resource] }.last[:type]`,
      daemon.state,
      daemon.url,
    );
    expect(said).to.deep.equal([
      'true',
      'true',
      '["succeeded", "vm.create", "front"]',
      '"succeeded"',
      '[Annelid::Conflict, nil, 409]',
      '[Annelid::NotFound, nil, 404]',
      '[Annelid::InvalidParams, "/memoryMiB", 400]',
      '[Annelid::Unauthenticated, nil, 401]',
      '"vm.deleted"',
    ]);
  });

  it('speaks TLS, and believes no certificate that it was not told to', async () => {
    const { url, cert } = await daemons.startWithTls();
    const said = await run(
      `puts Annelid::Client.new(ARGV[0], tls: { ca_file: ARGV[1] }).system.version[:name]
begin
  Annelid::Client.new(ARGV[0]).system.version
rescue Annelid::Unavailable => fault
  puts fault.message.include?("certificate verify failed")
end`,
      url,
      cert,
    );
    expect(said).to.deep.equal(['annelid', 'true']);
  });
});
