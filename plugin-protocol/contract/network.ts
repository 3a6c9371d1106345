/** The interface `network` v1: networks that machines can be connected to. */
import { NativeNetwork } from '../resources.ts';
import { list, optional, record, string } from '../shape.ts';
import { read } from './call.ts';

export const network = {
  list: read(
    'network.list',
    'All networks of the backend.',
    { after: optional(string('`next` of the page before; the first page when left out.', { maxLength: 1024 })) },
    record('NativeNetworkPage', 'A page of networks.', {
      items: list(NativeNetwork, 'The networks.'),
      next: optional(string('Pass it as `after` to get the next page; left out on the last.', { maxLength: 1024 })),
    }),
  ),
};
