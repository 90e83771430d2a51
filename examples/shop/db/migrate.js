// Creates the tables and fills them. Can run any number of times.
import { createPool } from './client.js';

const migrations = [
  {
    name: '001 products and orders',
    sql: `
      CREATE TABLE products (
        id serial PRIMARY KEY,
        name text NOT NULL UNIQUE,
        description text NOT NULL,
        hue integer NOT NULL CHECK (hue BETWEEN 0 AND 359),
        cents integer NOT NULL CHECK (cents > 0),
        stock integer NOT NULL CHECK (stock >= 0)
      );
      CREATE TABLE orders (
        id serial PRIMARY KEY,
        product_id integer NOT NULL REFERENCES products,
        quantity integer NOT NULL CHECK (quantity > 0),
        status text NOT NULL DEFAULT 'placed' CHECK (status IN ('placed', 'packed', 'shipped')),
        placed_at timestamptz NOT NULL DEFAULT now(),
        changed_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX orders_open ON orders (id) WHERE status <> 'shipped';`,
  },
  {
    name: '002 first stock',
    sql: `
      INSERT INTO products (name, description, hue, cents, stock) VALUES
        ('Espresso roast', 'Dark, from Huehuetenango', 16, 1290, 140),
        ('Sencha', 'First harvest, steamed', 96, 1850, 60),
        ('Sourdough loaf', 'Rye and patience', 38, 690, 25),
        ('Wildflower honey', 'From the roof of the office', 46, 990, 48),
        ('Dark chocolate', '82 %, a little salt', 340, 450, 200),
        ('Alphonso mangoes', 'A box of six', 22, 2400, 18);
      INSERT INTO orders (product_id, quantity) VALUES (1, 2), (4, 1), (5, 6);`,
  },
];

const pool = createPool();
await pool.query(
  'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())',
);
const { rows } = await pool.query('SELECT name FROM migrations');
const applied = new Set(rows.map(({ name }) => name));
const missing = migrations.filter(({ name }) => !applied.has(name));
for (const { name, sql } of missing) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO migrations (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  console.log(`applied ${name}`);
}
console.log(missing.length === 0 ? 'The database is up to date.' : `${missing.length} applied.`);
await pool.end();
