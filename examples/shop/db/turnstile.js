// PGlite is one PostgreSQL session, and its socket server lets the clients' messages alternate one
// by one: the query that one client prepares could be run by another. Here clients take turns, each
// from its first message until the server says it is idle again, outside any transaction.
import { connect, createServer } from 'node:net';

const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** A server for any number of clients, in front of the socket server on `upstreamPort`. */
export function createTurnstile(upstreamPort) {
  const waiting = [];
  let isTaken = false;

  function take(turn) {
    if (isTaken) return waiting.push(turn);
    isTaken = true;
    turn();
  }
  function release() {
    isTaken = false;
    const next = waiting.shift();
    if (next !== undefined) take(next);
  }

  return createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: upstreamPort, host: '127.0.0.1', noDelay: true });
    /** Do we have the turn, wait for it, or neither? */
    let turn = 'none';
    let held = [];
    const findIdle = idleFinder();

    client.on('data', (data) => {
      // psql asks for encryption first; there is none.
      if (data.equals(sslRequest)) return client.write('N');
      if (turn === 'mine') return upstream.write(data);
      held.push(data);
      if (turn === 'waiting') return;
      turn = 'waiting';
      take(() => {
        if (upstream.destroyed) return release();
        turn = 'mine';
        upstream.write(Buffer.concat(held));
        held = [];
      });
    });
    upstream.on('data', (data) => {
      client.write(data);
      if (!findIdle(data) || turn !== 'mine') return;
      turn = 'none';
      release();
    });

    client.on('close', () => upstream.end());
    upstream.on('close', () => {
      client.destroy();
      if (turn === 'mine') release();
      turn = 'none';
    });
    client.on('error', () => upstream.end());
    upstream.on('error', () => client.destroy());
  });
}

/**
 * Follows the server's messages (one byte of type, four of length, the rest) over all chunks. Tells
 * whether the last one of a chunk was ReadyForQuery with the status idle.
 */
function idleFinder() {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    let isIdle = false;
    while (rest.length >= 5) {
      const end = 1 + rest.readInt32BE(1);
      if (rest.length < end) break;
      isIdle = rest[0] === 0x5a && rest[5] === 0x49;
      rest = rest.subarray(end);
    }
    return isIdle && rest.length === 0;
  };
}
