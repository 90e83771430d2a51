// Products and orders as JSON over HTTP.
import { createServer } from 'node:http';
import { createPool } from '../db/client.js';

const pool = createPool();
const port = Number(process.env.PORT);

const routes = {
  'GET /health': async () => {
    await pool.query('SELECT 1');
    return { status: 'ok' };
  },
  'GET /products': async () => {
    const { rows } = await pool.query('SELECT * FROM products ORDER BY id');
    return rows;
  },
  'GET /orders': async () => {
    const { rows } = await pool.query(`
      SELECT orders.id, name, hue, quantity, cents * quantity AS cents, status, placed_at
      FROM orders JOIN products ON products.id = product_id
      ORDER BY orders.id DESC LIMIT 12`);
    return rows;
  },
  'POST /orders': async (request) => {
    const { productId, quantity = 1 } = await readJson(request);
    if (!Number.isInteger(productId) || !Number.isInteger(quantity) || quantity < 1) {
      throw new Refused(400, 'productId and quantity must be whole numbers');
    }
    const { rows } = await pool.query(
      `WITH taken AS (
         UPDATE products SET stock = stock - $2 WHERE id = $1 AND stock >= $2 RETURNING id
       )
       INSERT INTO orders (product_id, quantity) SELECT id, $2 FROM taken RETURNING id, status`,
      [productId, quantity],
    );
    if (rows.length === 0) throw new Refused(409, 'sold out');
    console.log(`order ${rows[0].id}: ${quantity} × product ${productId}`);
    return rows[0];
  },
};

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(400, 'not JSON');
  }
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const route = routes[`${request.method} ${pathname}`];
  let status = 200;
  let body;
  try {
    if (route === undefined) throw new Refused(404, 'no such place');
    body = await route(request);
  } catch (error) {
    status = error instanceof Refused ? error.status : 503;
    body = { error: error.message };
    if (status === 503) console.error(error);
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(port, '127.0.0.1', () => console.log(`API listens on http://127.0.0.1:${port}`));

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    console.log('Stopping…');
    server.close();
    server.closeAllConnections();
    void pool.end();
  });
}
