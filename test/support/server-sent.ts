/** Reads server-sent events, as a client does that is no browser. */

export interface Received {
  id?: string;
  event?: string;
  data?: string;
}

const receivedFrom = (block: string): Received => {
  const received: Received = {};
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(\w+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === 'data') received.data = received.data === undefined ? value : `${received.data}\n${value}`;
    else if (field === 'id' || field === 'event') received[field] = value;
  }
  return received;
};

/** The status, and the events as they come until the stream ends; `close` leaves it. */
export const follow = async (url: string, headers: Record<string, string>) => {
  const left = new AbortController();
  const reply = await fetch(url, { headers, signal: left.signal });
  async function* events(): AsyncGenerator<Received, void> {
    let text = '';
    for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop()!;
      yield* blocks.map(receivedFrom);
    }
  }
  return { status: reply.status, events: events(), close: () => left.abort() };
};
