/** Keeps a plugin from filling the log: so many lines each second, then only how many there were more. */
export const createRateGate = (perSecond: number, now: () => number, suppressed: (lines: number) => void) => {
  let second = 0;
  let lines = 0;
  return (): boolean => {
    const current = Math.floor(now() / 1000);
    if (current !== second) {
      if (lines > perSecond) suppressed(lines - perSecond);
      second = current;
      lines = 0;
    }
    lines++;
    return lines <= perSecond;
  };
};
