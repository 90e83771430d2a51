// Asks api once, when it starts, and shows ever after what that said.
import { createServer } from 'node:http';

const greeting = await fetch(process.env.API_URL).then((response) => response.text());
const server = createServer((_request, response) => response.end(greeting));
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
