/** The npm package `xmlrpc` as a server. */
import xmlrpc from 'xmlrpc';

const [port] = process.argv.slice(2);
const server = xmlrpc.createServer({ host: '127.0.0.1', port: Number(port) });
server.on('session.whoami', (_error, _params, answer) =>
  answer(null, { user: 'admin', account: 'admin', role: 'admin', token: false }),
);
