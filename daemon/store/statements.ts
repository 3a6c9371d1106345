/** What the store says to SQLite, by what it does. */
export const sql = {
  allResources: 'SELECT kind, id, row FROM resources ORDER BY kind, id',
  putResource:
    'INSERT INTO resources (kind, id, row) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET row = excluded.row',
  dropResource: 'DELETE FROM resources WHERE kind = ? AND id = ?',
  openOperations: 'SELECT row FROM operations WHERE finished IS NULL ORDER BY id',
  getOperation: 'SELECT row FROM operations WHERE id = ?',
  getOperationByKey: 'SELECT row FROM operations WHERE user = ? AND client_key = ?',
  putOperation: `INSERT INTO operations (id, account, user, state, method, resource, client_key, finished, row)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, finished = excluded.finished, row = excluded.row`,
  putEvent: 'INSERT INTO events (cursor, time, row) VALUES (?, ?, ?)',
  eventsAfter: 'SELECT row FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?',
  // Asked for together, SQLite would look at all of them.
  eventRange: 'SELECT (SELECT min(cursor) FROM events) AS first, (SELECT max(cursor) FROM events) AS last',
  openStories: `SELECT operation, sum(json_array_length(stories.row)) AS entries FROM stories JOIN operations ON id = operation
    WHERE finished IS NULL GROUP BY operation`,
  putStory: 'INSERT INTO stories (operation, row) VALUES (?, ?)',
  storyOf: 'SELECT row FROM stories WHERE operation = ? ORDER BY place',
  allUsers: 'SELECT row FROM users ORDER BY id',
  putUser: 'INSERT INTO users (id, row) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET row = excluded.row',
  dropUser: 'DELETE FROM users WHERE id = ?',
  allTokens: 'SELECT id, user, expires, granted FROM tokens',
  putToken:
    'INSERT INTO tokens (id, user, expires, granted) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET expires = excluded.expires, granted = excluded.granted',
  dropToken: 'DELETE FROM tokens WHERE id = ?',
  allMeta: 'SELECT key, value FROM meta',
  getMeta: 'SELECT value FROM meta WHERE key = ?',
  putMeta: 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  dropMeta: 'DELETE FROM meta WHERE key = ?',
  pruneEvents: 'DELETE FROM events WHERE time < ?',
  pruneStories: 'DELETE FROM stories WHERE operation IN (SELECT id FROM operations WHERE finished < ?)',
  pruneOperations: 'DELETE FROM operations WHERE finished < ?',
  pruneTokens: 'DELETE FROM tokens WHERE expires < ?',
  allMeters: 'SELECT row FROM meters ORDER BY vm',
  putMeter: 'INSERT INTO meters (vm, row) VALUES (?, ?) ON CONFLICT (vm) DO UPDATE SET row = excluded.row',
  dropMeter: 'DELETE FROM meters WHERE vm = ?',
  putUsage: 'INSERT INTO usage (place, ended, account, vm, row) VALUES (?, ?, ?, ?, ?)',
  usageAfter: 'SELECT place, ended, row FROM usage WHERE place > ? ORDER BY place LIMIT ?',
  lastUsage: "SELECT seq FROM sqlite_sequence WHERE name = 'usage'",
  pruneUsage: 'DELETE FROM usage WHERE ended < ? AND place <= ?',
};
