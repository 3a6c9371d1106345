/** What makes this cloud as slow and unreliable as a real one: latency and fault rules, the same for the same seed. */
import { Fault } from '../../sdk/typescript/plugin/index.ts';
import type { FaultRule, Latency } from './settings.ts';

export interface Target {
  id: string;
  name: string;
}

export interface Disturbance {
  /** Milliseconds that this call takes. */
  latencyMs(call: string): number;
  /** The rule that strikes this call, if one does. */
  strikes(call: string, target?: Target): FaultRule | undefined;
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A glob in which `*` stands for any text. */
export const matcher = (glob: string): ((text: string) => boolean) => {
  const pattern = new RegExp(`^${glob.split('*').map(literally).join('.*')}$`, 's');
  return (text) => pattern.test(text);
};

/** Mulberry32: a row of numbers from 0 up to 1 that a seed determines. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const createDisturbance = (rules: FaultRule[], latency: Latency[], seed: number): Disturbance => {
  const random = randomFrom(seed);
  const spans = latency.map((of) => ({ ...of, fits: matcher(of.call) }));
  const armed = rules.map((rule) => ({
    rule,
    fitsCall: matcher(rule.call),
    fitsVm: rule.vm === undefined ? undefined : matcher(rule.vm),
    spare: rule.skip,
    left: rule.times ?? Number.POSITIVE_INFINITY,
  }));

  return {
    latencyMs(call) {
      const span = spans.find(({ fits }) => fits(call));
      if (span === undefined) return 0;
      return span.min === span.max ? span.min : span.min + random() * (span.max - span.min);
    },
    strikes(call, target) {
      for (const of of armed) {
        const { fitsVm } = of;
        if (of.left <= 0 || !of.fitsCall(call)) continue;
        if (fitsVm && !(target && (fitsVm(target.id) || fitsVm(target.name)))) continue;
        if (of.rule.probability < 1 && random() >= of.rule.probability) continue;
        if (of.spare > 0) {
          of.spare -= 1;
          continue;
        }
        of.left -= 1;
        return of.rule;
      }
      return undefined;
    },
  };
};

/** The fault that a rule stands for. */
export const faultOf = (rule: FaultRule, call: string, target?: Target): Fault =>
  new Fault(rule.kind, rule.message ?? `${call} was told to fail with ${rule.kind}.`, {
    outcome: rule.outcome ?? (rule.after ? 'unknown' : 'none'),
    ...(rule.retryAfterMs === undefined ? {} : { retryAfterMs: rule.retryAfterMs }),
    ...(target === undefined ? {} : { resource: target.id }),
  });
