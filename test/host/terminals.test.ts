import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { systemClock } from '../../src/base/clock.ts';
import { MergedTerminal } from '../../src/vscode/terminals/mergedTerminal.ts';
import { ProblemTasks } from '../../src/vscode/terminals/problemTasks.ts';
import { ProcessTerminal } from '../../src/vscode/terminals/processTerminal.ts';
import { skip } from '../support/skip.ts';
import { until } from '../support/until.ts';
import { controllerOf, runScript, stayUp, TestFolder } from './testFolder.ts';

const coloured = runScript(
  String.raw`console.log('\u001b[32mgreen\u001b[0m'); console.log('10 %\r100 %'); process.stdout.write('the last words')`,
);
const json = runScript(
  `console.log(JSON.stringify({ level: 50, msg: 'no database', host: 'db' })); console.log('plain')`,
);
const asking = runScript(
  `process.stdout.on('resize', () => console.log('now ' + process.stdout.columns)); process.stdout.write('name? '); process.stdin.once('data', (data) => { console.log('hello ' + String(data).trim()); process.exit(); })`,
);
const stamped = (words: readonly (readonly [time: string, text: string])[]): string =>
  runScript(
    words.map(([time, text]) => `console.log('2024-05-01T10:00:${time}Z ${text}')`).join(';'),
  );

const text = `processes:
  - name: coloured
    type: task
${coloured}
  - name: json
    type: task
    logging: { format: json }
${json}
  - name: silent
${stayUp}
  - name: asking
    type: task
    interactive: true
${asking}
  - name: first
    type: task
${stamped([
  ['01', 'ERROR one'],
  ['03', 'INFO three'],
])}
  - name: second
    type: task
${stamped([
  ['02', 'WARN two'],
  ['04', 'four'],
])}
`;

/** What a terminal was given so far; ␛ stands for the escape character. */
class Screen {
  text = '';
  readonly #terminal: vscode.Pseudoterminal;

  constructor(terminal: vscode.Pseudoterminal, size = { columns: 91, rows: 20 }) {
    this.#terminal = terminal;
    terminal.onDidWrite((more) => (this.text += more.replaceAll('\u001b', '␛')));
    terminal.open(size);
  }

  async shows(pattern: RegExp): Promise<string> {
    return until(
      `${String(pattern)} in the terminal`,
      () => (pattern.test(this.text) ? this.text : undefined),
      60_000,
      { describe: () => JSON.stringify(this.text.slice(-500)) },
    );
  }

  close(): void {
    this.#terminal.close();
  }
}

describe('terminals', () => {
  let folder: TestFolder;
  const screens: Screen[] = [];

  beforeEach(async () => {
    folder = await TestFolder.create();
  });

  afterEach(async () => {
    for (const screen of screens.splice(0)) screen.close();
    await folder.close();
  });

  function terminalOf(name: string): { terminal: ProcessTerminal; screen: Screen } {
    const environment = folder.environments.all()[0]!;
    const terminal = new ProcessTerminal(folder.environments, { environment, name }, systemClock);
    const screen = new Screen(terminal);
    screens.push(screen);
    return { terminal, screen };
  }

  it('show what a process writes as it writes it, over its runs', async () => {
    const environment = await folder.open(text);
    const { screen } = terminalOf('coloured');
    await screen.shows(/coloured has not run yet/);
    await controllerOf(environment).start(['coloured']);
    const first = await screen.shows(/run 1 ended/);
    assert.match(
      first,
      /run 1 started by you ──[^\n]*\n␛\[32mgreen␛\[0m\r\n10 %\r100 %\r\nthe last words\S*\r\n␛\[2m── [\d:]+ run 1 ended: exit code 0 ──/,
    );
    await controllerOf(environment).start(['coloured']);
    await screen.shows(/run 2 started[^]*green[^]*run 2 ended/);
    // One that is opened later has the last run, and nothing of the others.
    const later = terminalOf('coloured').screen;
    const shown = await later.shows(/the last words[^]*run 2 ended/);
    assert.ok(!shown.includes('run 1'));
  });

  it('show lines of JSON as text', async () => {
    const environment = await folder.open(text);
    const { screen } = terminalOf('json');
    await controllerOf(environment).start(['json']);
    await screen.shows(/␛\[31mERROR no database host=db␛\[0m\r\nplain\r\n/);
  });

  it('say that one cannot type into an ordinary process, once', async () => {
    const environment = await folder.open(text);
    await controllerOf(environment).start(['silent']);
    const { terminal, screen } = terminalOf('silent');
    terminal.handleInput('h');
    terminal.handleInput('i');
    await screen.shows(/silent reads no input/);
    assert.equal(screen.text.match(/reads no input/g)?.length, 1);
  });

  it('pass on what one types, and their size, to an interactive process', async function () {
    const environment = await folder.open(text);
    const { terminal, screen } = terminalOf('asking');
    void controllerOf(environment).start(['asking']);
    const process = await until('a run', () => {
      const seen = controllerOf(environment).process('asking');
      return seen?.pid === undefined ? undefined : seen;
    });
    if (process.terminalSocket === undefined) {
      skip(this, `no terminals here: ${process.warnings.join()}`);
    }
    await screen.shows(/name\? /);
    terminal.setDimensions({ columns: 77, rows: 20 });
    await screen.shows(/now 77/);
    terminal.handleInput('ann\r');
    await screen.shows(/hello ann[^]*run 1 ended: exit code 0/);
  });

  it('show several logs as one, in the order of their times, and filter them', async () => {
    const environment = await folder.open(text);
    await controllerOf(environment).start(['first', 'second']);
    for (const name of ['first', 'second']) {
      await until(
        `the end of ${name}`,
        () => controllerOf(environment).process(name)?.state === 'completed',
      );
    }
    const refs = ['first', 'second'].map((name) => ({ environment, name }));
    const merged = new MergedTerminal(folder.environments, refs, systemClock);
    const screen = new Screen(merged);
    screens.push(screen);
    await screen.shows(/first +│[^\n]*one\S*\r\n[^\n]*second[^\n]*two[^]*three[^]*four/);

    screen.text = '';
    merged.setFilter({ sources: undefined, level: 'warn', text: undefined });
    await screen.shows(/one[^]*two/);
    assert.doesNotMatch(screen.text, /three|four/);

    screen.text = '';
    merged.setFilter({ sources: undefined, level: undefined, text: 'THREE' });
    await screen.shows(/three/);
    assert.doesNotMatch(screen.text, /one|two|four/);

    screen.text = '';
    merged.setFilter({
      sources: new Set([merged.keyOf(refs[1]!)]),
      level: undefined,
      text: undefined,
    });
    await screen.shows(/two[^]*four/);
    assert.doesNotMatch(screen.text, /one|three/);

    // It goes on with what comes.
    await controllerOf(environment).start(['second']);
    await screen.shows(/run 2 started[^]*four[^]*run 2 ended/);
  });
});

describe('problem matchers', () => {
  let folder: TestFolder;
  let tasks: ProblemTasks;

  beforeEach(async () => {
    folder = await TestFolder.create();
    tasks = new ProblemTasks(folder.environments, systemClock, folder.log);
  });

  afterEach(async () => {
    tasks.dispose();
    await folder.close();
  });

  it('make entries of the Problems panel from the output of a process, and clear them', async function () {
    const watcher = runScript(`
      const fs = require('fs');
      const pass = (errors) => {
        console.log('10:00:00 AM - Starting compilation in watch mode...');
        for (const error of errors) console.log(error);
        console.log('10:00:01 AM - Found ' + errors.length + ' errors. Watching for file changes.');
      };
      pass(["src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'."]);
      const timer = setInterval(() => {
        if (!fs.existsSync('fixed')) return;
        clearInterval(timer);
        pass([]);
        setInterval(() => {}, 1000);
      }, 20);
    `);
    if (vscode.extensions.getExtension('vscode.typescript-language-features') === undefined) {
      skip(this, 'no extension brings $tsc-watch');
    }
    await folder.write('let a = 1;\n\n    a = "x";\n', 'a.ts');
    const environment = await folder.open(`processes:
  - name: tsc
    problem_matcher: $tsc-watch
${watcher}
`);
    const found = (): readonly vscode.Diagnostic[] =>
      vscode.languages
        .getDiagnostics()
        .filter(([uri]) => uri.path.endsWith('src/a.ts'))
        .flatMap(([, diagnostics]) => diagnostics);
    await controllerOf(environment).start(['tsc']);
    const [problem] = await until('a problem', () => (found().length > 0 ? found() : undefined));
    assert.match(problem!.message, /not assignable/);
    assert.equal(problem!.range.start.line, 2);
    await folder.write('', 'fixed');
    await until('no problem', () => found().length === 0);
    await controllerOf(environment).stop(['tsc']);
    await until('no task', () =>
      vscode.tasks.taskExecutions.every(({ task }) => task.name !== 'tsc'),
    );
  });
});
