import type { DirectoryUser } from '../../../plugin-protocol/contract/directory.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';

/** A directory of people by their logins in lower case, each with a secret. */
export class People extends ScriptedBackend {
  readonly people = new Map<string, DirectoryUser & { secret: string }>();

  constructor(id = 'people') {
    super(id);
    const of = (login: unknown) => this.people.get(String(login).toLowerCase());
    const answer = (found: (DirectoryUser & { secret: string }) | undefined) => {
      if (found === undefined) return {};
      const { secret: _, ...user } = found;
      return { user };
    };
    this.scripts.set('directory.authenticate', ({ params }) =>
      answer(of(params.login)?.secret === params.secret ? of(params.login) : undefined),
    );
    this.scripts.set('directory.find', ({ params }) => answer(of(params.login)));
  }

  has(login: string, secret: string, more: Partial<DirectoryUser> = {}) {
    this.people.set(login.toLowerCase(), { login, account: 'acme', role: 'user', secret, ...more });
    return this;
  }
  /** How often it was asked. */
  asked(call: 'directory.authenticate' | 'directory.find' = 'directory.authenticate') {
    return this.sent.filter((sent) => sent.call === call).length;
  }
  away() {
    const fault = () => {
      throw new Fault('unavailable', 'ldap7.example cannot be reached.');
    };
    this.scripts.set('directory.authenticate', fault);
    this.scripts.set('directory.find', fault);
  }
}
