/** The environment variables that steer Annelid, and what was meant by one that does not. */
import { nearest } from '../../plugin-protocol/text/nearest.ts';
import { scalarSettings } from './settings.ts';

const prefix = 'ANNELID_';

/** Beside those of settings: for the command line, and those by which a plugin knows that a daemon started it. */
const others = ['CONFIG', 'URL', 'USER', 'PASSWORD', 'TOKEN', 'PLUGIN', 'PLUGIN_ID'];

const known = [...others, ...scalarSettings.map(({ variable }) => variable.slice(prefix.length))];

/** A sentence for each variable that looks like a misspelled one of ours; `used` are those that a configuration names. */
export const misspelledVariables = (environment: NodeJS.ProcessEnv, used: ReadonlySet<string> = new Set()): string[] =>
  Object.keys(environment).flatMap((name) => {
    if (!name.startsWith(prefix) || used.has(name) || known.includes(name.slice(prefix.length))) return [];
    const meant = nearest(name.slice(prefix.length), known);
    return meant === undefined ? [] : [`${name} is no variable of Annelid; did you mean ${prefix}${meant}?`];
  });
