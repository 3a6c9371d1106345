/** Text from elsewhere (a plugin, the system, JSON) as it stands in what people read: with one full stop at its end. */
export const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
