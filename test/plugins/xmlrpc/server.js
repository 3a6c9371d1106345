/** The npm package `xmlrpc` as a server: it lists no methods. */
import xmlrpc from 'xmlrpc';

const server = xmlrpc.createServer({ host: '127.0.0.1', port: 0 }, () =>
  console.log(`port ${server.httpServer.address().port}`),
);
server.on('stock.level', (_error, [article], answer) =>
  article === 'none' ? answer({ faultCode: 4, faultString: 'No such article.' }) : answer(null, { article, level: 7 }),
);
