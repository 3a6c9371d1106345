/** HTML as text that knows whether it has been escaped. */

export interface Html {
  readonly html: string;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] as string);

type Part = Html | string | number | undefined | readonly Part[];
const rendered = (part: Part): string => {
  if (part === undefined) return '';
  if (typeof part === 'object') return 'html' in part ? part.html : part.map(rendered).join('');
  return escaped(String(part));
};

/** A template whose values are escaped, unless they were made by this function. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html => ({
  html: strings.reduce((text, string, at) => text + rendered(parts[at - 1]) + string),
});

/** Prose with `code` in it; `link` says where a piece of code leads. */
export const prose = (text: string, link: (code: string) => string | undefined = () => undefined): Html => ({
  html: text
    .split('`')
    .map((piece, at) => {
      if (at % 2 === 0) return escaped(piece);
      const code = `<code>${escaped(piece)}</code>`;
      const target = link(piece);
      return target === undefined ? code : `<a href="${escaped(target)}">${code}</a>`;
    })
    .join(''),
});
