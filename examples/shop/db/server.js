// PostgreSQL without an installation: PGlite behind a socket, so that any client can connect.
import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { createTurnstile } from './turnstile.js';

const folder = '.data/db';
const port = Number(process.env.PORT);

await mkdir('.data', { recursive: true });
const db = await PGlite.create(folder);
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 100 });
await server.start();
const turnstile = createTurnstile(Number(server.getServerConn().split(':').at(-1)));
await new Promise((resolve, reject) => {
  turnstile.once('error', reject).listen(port, '127.0.0.1', resolve);
});
console.log(`PostgreSQL listens on 127.0.0.1:${port}, data in ${folder}`);

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    if (isStopping) return;
    isStopping = true;
    console.log('Closing the database…');
    turnstile.close();
    await server.stop();
    await db.close();
    console.log('Closed.');
    process.exit(0);
  });
}
