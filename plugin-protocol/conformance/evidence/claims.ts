/** What a plugin says of itself that it can do. */
import { contract } from '../../contract/index.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { Unclaimed } from '../report/verdict.ts';

/** Domain calls that it names and the contract knows. */
export const knownCalls = ({ description }: Conversation) =>
  (description.methods ?? []).flatMap((name) => contract.get(name) ?? []);

/** Throws when the plugin does not claim a feature. */
export const claims = ({ description }: Conversation, feature: string): void => {
  if (!description.features?.includes(feature))
    throw new Unclaimed(`Its describe does not name the feature ${feature}.`);
};
