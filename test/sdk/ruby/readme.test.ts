import { expect } from 'chai';
import { readmeSuite } from '../readme.ts';
import { systemRuby } from './command.ts';

const session = `require "annelid/client"
state, url, password = ARGV
api = Annelid::Client.local(state)
p api.session.whoami[:token], api.connector.get("building")[:state]
api = Annelid::Client.new(url)
api.login("admin", password)
p api.session.whoami[:token]
p api.call("meter.read", name: "east"), api.call("meter.read", name: "east", unit: "A")
p api.system.method_help("meter.read"), api.system.method_signature("meter.read")
`;

readmeSuite({
  language: 'Ruby',
  suite: 'ruby sdk',
  sdk: 'sdk/ruby',
  end: 'rb',
  fence: 'ruby',
  command: [systemRuby],
  env: { GEM_PATH: 'gems' },
  session: {
    code: session,
    says: 'false\n"ready"\ntrue\n229.5\n4\n"Read a meter."\n[["double", "string"], ["double", "string", "string"]]',
  },
  async installed(shell) {
    const where = `${systemRuby} -e 'require "annelid/plugin"; puts Gem.loaded_specs["annelid"].full_gem_path'`;
    expect(await shell(where)).to.match(/gems\/gems\/annelid-[0-9.]+$/);
  },
});
