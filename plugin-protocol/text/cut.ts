/** Where a text is cut that is too long: never between the halves of a character. */
export const cutBefore = (text: string, at: number): number => {
  const last = text.charCodeAt(at - 1);
  return last >= 0xd800 && last <= 0xdbff ? at - 1 : at;
};
