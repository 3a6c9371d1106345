/** The interface `storage` v1: volumes. */
import { NativeVolume } from '../resources.ts';
import { list, optional, record, string } from '../shape.ts';
import { read } from './call.ts';

export const storage = {
  list: read(
    'storage.list',
    'All volumes of the backend.',
    { after: optional(string('`next` of the page before; the first page when left out.', { maxLength: 1024 })) },
    record('NativeVolumePage', 'A page of volumes.', {
      items: list(NativeVolume, 'The volumes.'),
      next: optional(string('Pass it as `after` to get the next page; left out on the last.', { maxLength: 1024 })),
    }),
  ),
};
