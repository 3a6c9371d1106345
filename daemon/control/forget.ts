/** Dropping what is kept of a connector that is gone, through the control socket. */
import { Fault } from '../../plugin-protocol/faults.ts';
import { ask } from './reload.ts';

/** The connector that a request asks to be forgotten; undefined when it is another request. */
export const forgottenIn = (request: unknown): string | undefined => {
  const { do: what, connector } = (request ?? {}) as { do?: unknown; connector?: unknown };
  return what === 'forget' && typeof connector === 'string' ? connector : undefined;
};

export const answerForget = async (
  forget: (connector: string) => Promise<void>,
  connector: string,
): Promise<object> => {
  try {
    await forget(connector);
    return { forgotten: connector };
  } catch (error) {
    if (error instanceof Fault) return { fault: { kind: error.kind, message: error.message } };
    throw error;
  }
};

/** As `ask`. */
export const askForget = async (path: string, connector: string): Promise<void> => {
  await ask(path, { do: 'forget', connector });
};
