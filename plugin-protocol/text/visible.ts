/** Text that other people chose, for a terminal: what would steer it is shown and not obeyed. */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (sign) =>
    JSON.stringify(sign)
      .slice(1, -1)
      .replace(/^[^\\]$/u, '?'),
  );

/** The same of several lines, each behind `indent` but the first. */
export const visibleLines = (text: string, indent = ''): string => text.split(/\r?\n/).map(visible).join(`\n${indent}`);
