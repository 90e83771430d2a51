// Not started by Dev Env: it stands for a program of somebody else.
import { createServer } from 'node:net';

createServer((socket) => socket.end('220 mail\r\n')).listen(41830, '127.0.0.1');
