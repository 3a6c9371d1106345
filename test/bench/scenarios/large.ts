/** Small calls while a call of 50 MB is read, over and over, against small calls alone. */
import { startDaemon } from '../daemon.ts';
import { load, probe, send } from '../load.ts';
import { median } from '../median.ts';
import type { Scenario } from '../scenario.ts';

const MiB = 1024 * 1024;
const items = 100_000;
const connections = 4;

export const large: Scenario = async ({ pace, say }) => {
  const daemon = await startDaemon({}, { limits: { http: { bodyBytes: 64 * MiB } } });
  const small = daemon.xmlrpc('system.version');
  // A list that is read to its end before it is found to be too long.
  const item = `<value><string>${'x'.repeat(470)}</string></value>`;
  const list = `<array><data>${item.repeat(items)}</data></array>`;
  const struct = `<struct><member><name>types</name><value>${list}</value></member></struct>`;
  const long = daemon.xmlrpc('event.poll', `<param><value>${struct}</value></param>`);
  const { body } = await probe(long, 'types must have');
  say(`it is answered: ${/<string>(.*)<\/string>/.exec(body)?.[1]}`);
  say(`the long call has ${(long.body.length / 1e6).toFixed(1)} MB`);

  await load(small, connections, pace.warmUpSeconds);
  const ratios: number[] = [];
  for (let round = 1; round <= pace.rounds; round++) {
    const quiet = await load(small, connections, pace.seconds);
    let sent = 0;
    let over = false;
    const sending = (async () => {
      while (!over) {
        const { status } = await send(long);
        if (status !== 200) throw new Error(`The long call was answered ${status}.`);
        sent++;
      }
    })();
    const busy = await load(small, connections, pace.seconds);
    over = true;
    await sending;
    ratios.push(busy.p99 / quiet.p99);
    say(
      `round ${round}: p99 ${quiet.p99} µs alone, ${busy.p99} µs beside ${sent} long calls, ${Math.round(busy.perSecond)}/s`,
    );
  }
  await daemon.stop();
  return { 'large-stall': { unit: 'x', ours: median(ratios) } };
};
