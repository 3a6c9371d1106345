/** What must hold of the tree as a whole, beside what tests say of its parts. */
export const treeChecks: readonly { what: string; command: readonly [program: string, ...args: string[]] }[] = [
  {
    what: 'is formatted and has nothing that the linter finds',
    command: ['biome', 'check', '--error-on-warnings', '.'],
  },
  { what: 'has no type errors', command: ['tsc', '-p', '.'] },
  {
    what: 'has generated files that are what the generator makes',
    command: ['node', 'daemon/generate/main.ts', '--check'],
  },
];
