// Packs what was ordered, and ships what was packed: one step of one order at a time.
import { setTimeout as pause } from 'node:timers/promises';
import { createPool } from '../db/client.js';

const pool = createPool();
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort());

await pool.query('SELECT 1');
console.log('waiting for orders');
while (!stopping.signal.aborted) {
  try {
    await workOnce();
  } catch (error) {
    console.error(`trying again: ${error.message}`);
  }
  await pause(1500, undefined, { signal: stopping.signal }).catch(() => undefined);
}
console.log('stopping');
await pool.end();

async function workOnce() {
  const { rows } = await pool.query(`
    UPDATE orders
    SET status = CASE status WHEN 'placed' THEN 'packed' ELSE 'shipped' END, changed_at = now()
    WHERE id = (
      SELECT id FROM orders
      WHERE status <> 'shipped' AND changed_at < now() - interval '2 seconds'
      ORDER BY changed_at LIMIT 1
    )
    RETURNING id, status`);
  for (const { id, status } of rows) console.log(`order ${id} ${status}`);
}
