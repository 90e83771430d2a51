/** Prints 2,000 lines at SIGUSR2, and lives on. */
const chatter = `process.on('SIGUSR2', () => { for (let i = 0; i < 2000; i++) console.log('line ' + i + ' '.repeat(80)); }); setInterval(() => {}, 60_000); console.log('ready')`;
const server = `require('node:http').createServer((_, r) => r.end('ok')).listen(process.env.PORT, '127.0.0.1')`;

/** How many processes there are. */
export const processCount = 50;

/** A file with processes of every kind; `edits` says how often each was changed. */
export function soakFile(edits: ReadonlyMap<string, number>): string {
  const entries = Array.from({ length: processCount }, (_, index) => {
    const name = `p${index}`;
    return `  ${name}: ${JSON.stringify(entry(index, edits.get(name) ?? 0))}`;
  });
  return `processes:\n${entries.join('\n')}\n`;
}

/** Five kinds in turn; every tenth needs the one before it. */
function entry(index: number, edit: number): Record<string, unknown> {
  const common = {
    env: { EDIT: String(edit) },
    stop: { timeout: '5s' },
    ...(index % 10 === 9 ? { depends_on: [`p${index - 1}`] } : {}),
  };
  const restart = { policy: 'always', delay: '50ms', max_delay: '1s', max_retries: 'unlimited' };
  switch (index % 5) {
    case 0:
      return { ...common, command: 'sleep 100000 & exec sleep 100000', restart };
    case 1:
      return { ...common, command: ['node', '-e', chatter], ready: { log: 'ready' }, restart };
    case 2:
      // One server in ten processes: Node programs are what takes the memory here.
      return index % 10 === 2
        ? {
            ...common,
            command: ['node', '-e', server],
            port: 'auto',
            ready: { http: '/' },
            restart,
          }
        : { ...common, command: 'exec sleep 100000', restart };
    case 3:
      return { ...common, type: 'task', command: 'echo done' };
    default:
      return { ...common, command: 'sleep 0.5; exit 1', restart: { ...restart, breaker: false } };
  }
}
