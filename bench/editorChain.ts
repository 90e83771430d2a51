import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../src/process/ports.ts';
import { bare } from './managers/bare.ts';
import { scratchFolder, Trial } from './trial.ts';

/** Of each program, from its first line of code to its readiness. */
const delayMs = 100;
const readyLine = 'ready now';

/** Usage: node program.cjs service|task PORT [FILE that is made when it is ready] */
const program = `
const { createServer } = require('node:http');
const [kind, port, mark] = process.argv.slice(2);
const ready = () => {
  if (mark) require('node:fs').writeFileSync(mark, '');
  console.log('${readyLine}');
};
setTimeout(() => {
  if (kind === 'task') ready();
  else createServer((_, response) => response.end('well')).listen(Number(port), '127.0.0.1', ready);
}, ${delayMs});
`;

interface Link {
  readonly name: string;
  readonly kind: 'service' | 'task';
  readonly ready: string;
  readonly dependsOn: readonly string[];
}

/** An environment as projects have it: the longest way through it is db, migrate, api, web. */
const links: readonly Link[] = [
  { name: 'db', kind: 'service', ready: '{ tcp: PORT }', dependsOn: [] },
  { name: 'migrate', kind: 'task', ready: '', dependsOn: ['db'] },
  { name: 'api', kind: 'service', ready: '{ http: / }', dependsOn: ['migrate'] },
  { name: 'worker', kind: 'service', ready: `{ log: ${readyLine} }`, dependsOn: ['migrate'] },
  { name: 'web', kind: 'service', ready: '{ http: / }', dependsOn: ['api'] },
  { name: 'mail', kind: 'service', ready: '{ tcp: PORT }', dependsOn: [] },
];

export const chainLength = links.length;

/** The files of a workspace with the environment, which is started when it is opened. */
export async function chainFiles(): Promise<{ text: string; files: Record<string, string> }> {
  const lines = ['autostart: true', 'processes:'];
  for (const { name, kind, ready, dependsOn } of links) {
    const port = String(await freePort());
    lines.push(
      `  - name: ${name}`,
      `    type: ${kind}`,
      `    command: [node, program.cjs, ${kind}, "${port}"]`,
      `    depends_on: [${dependsOn.join(', ')}]`,
      ...(kind === 'service' ? [`    port: ${port}`] : []),
      ...(ready === '' ? [] : [`    ready: ${ready.replace('PORT', port)}`]),
    );
  }
  return { text: lines.join('\n'), files: { 'program.cjs': program } };
}

/** The same programs, each started at the word of those it needs; until the last is ready, in ms. */
export async function bareChainMs(): Promise<number> {
  const script = join(scratchFolder(), 'program.cjs');
  writeFileSync(script, program);
  const ports = await Promise.all(links.map(() => freePort()));
  await using trial = new Trial(bare);
  await trial.start(
    links.map(({ name, kind, dependsOn }, i) => ({
      name,
      command: `exec node ${script} ${kind} ${ports[i] ?? 0} ${join(trial.marks, name)}`,
      readyLine,
      dependsOn,
    })),
  );
  return await trial.untilMarks(links.length);
}
