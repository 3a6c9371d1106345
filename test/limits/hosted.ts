/** What the bounds of plugins are shown with. */
import type { InstanceConfig } from '../../daemon/host/index.ts';
import type { Limits } from '../../daemon/limits.ts';
import { startHost } from '../host/running-host.ts';

export const wordsOf = (call: Promise<unknown>): Promise<string | undefined> =>
  call.then(
    () => undefined,
    (fault: Error) => fault.message,
  );

/** Does something with a running plugin under that limit. */
export const hosted =
  (
    limit: keyof Limits['plugins'],
    instance: InstanceConfig,
    use: (running: Awaited<ReturnType<typeof startHost>>) => Promise<string | undefined>,
    more: Partial<Limits['plugins']> = {},
  ) =>
  async (context: Mocha.Context, value: number) =>
    use(await startHost(context, [instance], { cancelMs: 10, ...more, [limit]: value }));
