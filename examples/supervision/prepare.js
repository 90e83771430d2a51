import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

const file = new URL('data/greeting.txt', import.meta.url);
if (existsSync(file)) {
  console.log('It is there already.');
  process.exit(3);
}
mkdirSync(new URL('data/', import.meta.url), { recursive: true });
writeFileSync(file, 'hello\n');
