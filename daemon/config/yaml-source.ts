/** A YAML file that remembers where everything in it stands, so that a complaint about a value can name line and column. */
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** `/connectors/kvm1` as its steps. */
export const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

export interface YamlSource {
  /** What the file says, as plain values; undefined when it is empty. */
  value: unknown;
  /** `file:line:column` of each mistake in the YAML itself, and what it is. */
  mistakes: string[];
  /** `file:line:column` of what a JSON Pointer names, or of its name, or of the nearest thing around it. */
  placeOf(pointer: string, about?: 'name'): string;
}

const offsetOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

export const readYaml = (file: string, text: string): YamlSource => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };

  const mistakes = [...document.errors, ...document.warnings].map(({ code, pos, message }) => {
    const sentence =
      code === 'MULTIPLE_DOCS' ? 'A second document begins here; put all of it into one, without this line' : message;
    return `${placeAt(pos[0])}: ${sentence.replace(/\.?$/, '.')}`;
  });
  let value: unknown;
  if (mistakes.length === 0) {
    try {
      value = document.toJS() ?? undefined;
    } catch (cause) {
      mistakes.push(`${placeAt(0)}: ${(cause as Error).message.replace(/\.?$/, '.')}`);
    }
  }

  const offsetFor = (pointer: string, about?: 'name'): number => {
    let node: Node | null = document.contents;
    let offset = offsetOf(node) ?? 0;
    const steps = stepsOf(pointer);
    for (const [index, step] of steps.entries()) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
        if (pair === undefined) return offset;
        node = isNode(pair.value) ? pair.value : null;
        // The name, unless its value is a single word: then that is what is wrong.
        const wanted = about !== 'name' && index === steps.length - 1 && isScalar(node) ? node : pair.key;
        offset = offsetOf(wanted) ?? offset;
      } else if (isSeq(node)) {
        const item = node.items[Number(step)];
        if (!isNode(item)) return offset;
        node = item;
        offset = offsetOf(item) ?? offset;
      } else {
        return offset;
      }
    }
    return offset;
  };
  return { value, mistakes, placeOf: (pointer, about) => placeAt(offsetFor(pointer, about)) };
};
