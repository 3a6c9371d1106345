/** Lines of cassettes. */

export const request = (id: number, method: string, params: object = {}) =>
  `-> ${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
export const answer = (id: number, result: unknown) => `<- ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`;
