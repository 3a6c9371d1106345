/** Nobody is kept running by it. */
export const after = (ms: number): Promise<'late'> => new Promise((resolve) => setTimeout(resolve, ms, 'late').unref());
