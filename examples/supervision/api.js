// A server that is well until somebody asks for /ill; its next run is well again.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

let isWell = true;
const server = createServer((request, response) => {
  if (request.url === '/ill') isWell = false;
  response.statusCode = isWell ? 200 : 503;
  response.end(readFileSync(new URL('data/greeting.txt', import.meta.url)));
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
