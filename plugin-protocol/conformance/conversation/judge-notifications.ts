/** What is held against the notifications of a plugin. */
import { Event, LogLine, logLevels, Progress } from '../../contract/base.ts';
import { excerpt, type Ledger } from '../report/verdict.ts';
import { eventTimeComplaint, timeHint } from './event-times.ts';
import { type Asked, complaint, type Speaker } from './judge.ts';

const judgeProgress = (ledger: Ledger, params: unknown, call: Asked | undefined, speaker: Speaker) => {
  const wrong = complaint(Progress, params);
  if (wrong !== undefined) return ledger.enter('7.4', 'failure', `A $/progress is wrong: ${wrong}`);
  if (!speaker.description.features?.includes('progress')) {
    ledger.enter('7.4', 'failure', 'It sends $/progress, and describe does not name the feature progress.');
  }
  if (call === undefined) {
    return ledger.enter(
      '7.4',
      'failure',
      'A $/progress is of no call that is under way.',
      'Send the id of the request, and nothing once it has been answered.',
    );
  }
  const { percent } = params as Progress;
  if (percent === undefined) return;
  if (percent < call.percent) {
    ledger.enter(
      '7.4',
      'failure',
      `The progress of ${call.method} goes back from ${call.percent} to ${percent} percent.`,
    );
  }
  call.percent = Math.max(call.percent, percent);
};

const judgeEvent = (ledger: Ledger, params: unknown, { description, instances, relaxed }: Speaker) => {
  const wrong = complaint(Event, params);
  if (relaxed) return;
  if (wrong !== undefined) return ledger.enter('10.1', 'failure', `An $/event is wrong: ${wrong}`);
  const { type, vm, id, instance } = params as Event;
  const late = eventTimeComplaint(params as Event);
  if (late !== undefined) ledger.enter('10.5', 'failure', late, timeHint);
  if (type === 'vm.changed' && !vm)
    ledger.enter('10.1', 'failure', 'An event vm.changed comes without the machine in vm.');
  if (type === 'vm.deleted' && !id)
    ledger.enter('10.1', 'failure', 'An event vm.deleted comes without the id of the machine.');
  if (instance === undefined && description.features?.includes('instances')) {
    ledger.enter(
      '4.4',
      'failure',
      `An event ${type} does not name its instance.`,
      'A plugin with the feature instances puts ctx.instance into each event.',
    );
  }
  if (instance !== undefined && !instances.has(instance)) {
    ledger.enter(
      '4.4',
      'failure',
      `An event ${type} names the instance ${excerpt(instance)}, which was not configured.`,
    );
  }
};

const judgeLog = (ledger: Ledger, params: unknown, isUnderWay: (id: number) => boolean, { logLevel }: Speaker) => {
  const wrong = complaint(LogLine, params);
  if (wrong !== undefined) return ledger.enter('10.2', 'failure', `A $/log is wrong: ${wrong}`);
  const { level = 'info', id } = params as Partial<LogLine>;
  if (id !== undefined && !isUnderWay(id)) {
    ledger.enter(
      '10.4',
      'failure',
      'A $/log names a request that is not under way.',
      'id is that of the request that the line is about.',
    );
  }
  if (logLevels.indexOf(level) < logLevels.indexOf(logLevel)) {
    ledger.enter(
      '5.1',
      'warning',
      `It sends a line of the level ${level} where ctx.logLevel is ${logLevel}.`,
      'Leave out the lines that nobody wants.',
    );
  }
};

export const judgeNotification = (
  ledger: Ledger,
  method: string,
  params: unknown,
  calls: ReadonlyMap<unknown, Asked>,
  speaker: Speaker,
) => {
  const call = calls.get((params as { id?: unknown } | undefined)?.id);
  if (method === '$/progress') judgeProgress(ledger, params, call, speaker);
  else if (method === '$/event') judgeEvent(ledger, params, speaker);
  else if (method === '$/log') judgeLog(ledger, params, (id) => calls.has(id), speaker);
  else if (!method.startsWith('$/')) {
    ledger.enter(
      '2.3',
      'failure',
      `It sends the notification ${excerpt(method)}, which nobody knows.`,
      'Names of notifications begin with $/.',
    );
  }
};
