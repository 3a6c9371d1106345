/** The story of an operation for people: one line for each thing that happened, with the time since it was asked for. */
import { visible } from '../../plugin-protocol/text/visible.ts';
import type { Story, StoryEntry } from '../catalogue/story.ts';
import { stateColours } from './render.ts';

const grey = 90;
const bold = 1;
const colours: Partial<Record<StoryEntry['what'], number>> = {
  failed: 31,
  retry: 33,
  resumed: 33,
  cancel: 33,
  log: grey,
};

/** What the sentence says already. */
const said = new Set(['user', 'frontend', 'percent', 'type', 'resource', 'state', 'previous', 'name', 'lines']);

const milliseconds = (from: string, to: string) => Date.parse(to) - Date.parse(from);

/** `+1.234 s` */
const since = (ms: number) => `+${(ms / 1000).toFixed(3)} s`;

const detailsOf = ({ data, durationMs }: StoryEntry): string => {
  const facts = Object.entries(data).filter(([name]) => !said.has(name));
  const took = durationMs === undefined ? [] : [`took ${durationMs} ms`];
  return [...took, ...facts.map(([name, value]) => `${visible(name)}=${visible(value)}`)].join(' ');
};

export const timelineText = ({ operation, entries, advice }: Story, colour: boolean): string => {
  const paint = (code: number | undefined, text: string) =>
    colour && code !== undefined && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text;
  const { id, method, resourceKind, resource, user, state, created, finished, fault } = operation;
  const took = finished === undefined ? '' : ` after ${(milliseconds(created, finished) / 1000).toFixed(3)} s`;
  const head = `${method} of ${resourceKind} ${resource} by ${visible(user)}: ${paint(stateColours[state], state)}${took}`;
  const times = entries.map(({ time }) => since(milliseconds(created, time)));
  const width = Math.max(0, ...times.map(({ length }) => length));
  const kinds = Math.max(0, ...entries.map(({ what }) => what.length));
  const lines = entries.map((entry, at) => {
    const { source, what, message } = entry;
    const begin = `${paint(grey, times[at]!.padStart(width))}  ${source.padEnd(6)}  ${what.padEnd(kinds)}`;
    const details = detailsOf(entry);
    const text = `${paint(colours[what], visible(message))}${details === '' ? '' : `  ${paint(grey, `(${details})`)}`}`;
    return `${begin}  ${text}`;
  });
  const why = fault === undefined ? [] : [`${paint(31, `${fault.kind}: ${visible(fault.message)}`)}`];
  return [
    paint(bold, `operation ${id}`),
    head,
    `asked for at ${created}`,
    '',
    ...lines,
    '',
    ...why,
    `What to do: ${visible(advice)}`,
    '',
  ].join('\n');
};
