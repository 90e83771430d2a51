import pg from 'pg';

/** One connection is enough for each program. A lost one is replaced at the next query. */
export function createPool() {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
  pool.on('error', (error) => console.error(`The database went away: ${error.message}`));
  return pool;
}
