/** Every numbered clause of PROTOCOL.md; a test holds this table against that text. */
import { accounting } from './accounting.ts';
import { asking } from './asking.ts';
import { blobs } from './blobs.ts';
import { calls } from './calls.ts';
import type { Clause } from './clause.ts';
import { context } from './context.ts';
import { cursors } from './cursors.ts';
import { describe } from './describe.ts';
import { directories } from './directories.ts';
import { errors } from './errors.ts';
import { find } from './find.ts';
import { folder } from './folder.ts';
import { framing } from './framing.ts';
import { instance } from './instance.ts';
import { life } from './life.ts';
import { noise } from './noise.ts';
import { notifications } from './notifications.ts';
import { published } from './published.ts';
import { tasks } from './tasks.ts';

export const clauses: readonly Clause[] = [
  ...framing,
  ...noise,
  ...life,
  ...describe,
  ...context,
  ...instance,
  ...calls,
  ...errors,
  ...find,
  ...notifications,
  ...folder,
  ...published,
  ...cursors,
  ...tasks,
  ...asking,
  ...blobs,
  ...directories,
  ...accounting,
];
