import { Command, Option } from 'commander';
import { backgroundCommand } from './backgroundCommand.ts';
import { type Context, createContext, type GlobalOptions } from './context.ts';
import type { Output } from './output.ts';
import { parseSince } from './parseSince.ts';

/** Carries a command out and says what to exit with. */
type Action = (context: Context) => Promise<number>;

/** The commands. Each is loaded when it is called, so that none waits for what another one needs. */
export function createProgram(output: Output, onExitCode: (code: number) => void): Command {
  const program = new Command('dev-env')
    .description('Runs the processes of a dev-env.yaml: here, or where an editor runs them.')
    .option('--file <path>', 'the file (default: dev-env.yaml here or in a folder above)')
    .option('--folder <path>', "the folder it is about (default: the file's own)")
    .addOption(
      new Option(
        '--profile <name>',
        'processes of this profile are part of all; repeatable',
      ).argParser((name: string, names: readonly string[] | undefined) => [...(names ?? []), name]),
    )
    .option('--no-color', 'no colours (also with NO_COLOR set)')
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => output.write(text) });
  const run = async (action: Action): Promise<void> => {
    onExitCode(await action(createContext(program.opts<GlobalOptions>(), output)));
  };

  program
    .command('up')
    .argument('[names...]', 'processes and groups (default: all)')
    .description('start, and follow the logs until all have ended or Ctrl+C stops them')
    .option('-d, --detach', 'leave them to a program in the background')
    .option('-w, --wait', 'as --detach, and wait until all are ready')
    .action((names: string[], options: { detach?: boolean; wait?: boolean }) =>
      run(async (context) => (await import('./commands/up.ts')).up(context, names, options)),
    );
  program
    .command('down')
    .description('stop everything, in order')
    .option('--force', 'kill at once, without the grace period')
    .action((options: { force?: boolean }) =>
      run(async (context) => (await import('./commands/down.ts')).down(context, options)),
    );
  program
    .command('status')
    .description('show the state of every process')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) =>
      run(async (context) => (await import('./commands/status.ts')).status(context, options)),
    );
  program
    .command('start')
    .argument('<names...>', 'processes and groups')
    .description('start, with what they depend on, and wait until they are ready')
    .action((names: string[]) =>
      run(async (context) => (await import('./commands/lifecycle.ts')).start(context, names)),
    );
  program
    .command('stop')
    .argument('<names...>', 'processes and groups')
    .description('stop, with what depends on them')
    .option('--force', 'kill at once, without the grace period')
    .action((names: string[], options: { force?: boolean }) =>
      run(async (context) =>
        (await import('./commands/lifecycle.ts')).stop(context, names, options),
      ),
    );
  program
    .command('restart')
    .argument('<names...>', 'processes and groups')
    .description('stop and start, and wait until they are ready')
    .action((names: string[]) =>
      run(async (context) => (await import('./commands/lifecycle.ts')).restart(context, names)),
    );
  program
    .command('logs')
    .argument('[names...]', 'processes and groups (default: all)')
    .description('show the output of their present or last run')
    .option('-f, --follow', 'and what comes')
    .option('--since <time>', 'only what is newer: 10m, or a date and time', (text) =>
      parseSince(text),
    )
    .action((names: string[], options: { follow?: boolean; since?: number }) =>
      run(async (context) =>
        (await import('./commands/logs.ts')).logs(context, names, {
          follow: options.follow ?? false,
          ...(options.since === undefined ? {} : { sinceMs: options.since }),
        }),
      ),
    );
  program
    .command('validate')
    .description('say what is wrong with the file')
    .action(() =>
      run(async (context) => (await import('./commands/validate.ts')).validate(context)),
    );
  program
    .command('explain')
    .argument('<name>', 'a process')
    .description('say why a process is as it is')
    .action((name: string) =>
      run(async (context) => (await import('./commands/explain.ts')).explain(context, name)),
    );
  program
    .command('top')
    .description('show what the processes use')
    .option('--once', 'one table, and no more')
    .action((options: { once?: boolean }) =>
      run(async (context) => (await import('./commands/top.ts')).top(context, options)),
    );
  program
    .command(backgroundCommand, { hidden: true })
    .action(() => run(async (context) => (await import('./supervise.ts')).supervise(context)));
  return program;
}
