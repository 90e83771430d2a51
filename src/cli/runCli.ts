import { CommanderError } from 'commander';
import { DevEnvError, errorMessage } from '../base/errors.ts';
import { note } from './context.ts';
import { CliError, exitCodes } from './exitCodes.ts';
import { Output } from './output.ts';
import { createProgram } from './program.ts';

/** The `dev-env` command: ends with one of the codes of `exitCodes`, and with all of its output. */
export async function runCli(): Promise<void> {
  // In an editor's terminal this is Electron as Node; what is started from here is not.
  delete process.env['ELECTRON_RUN_AS_NODE'];
  const output = new Output(1, process.stdout.isTTY);
  process.stderr.on('error', () => undefined);
  let exitCode: number = exitCodes.ok;
  const program = createProgram(output, (code) => {
    exitCode = code;
  });
  program.exitOverride();
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync();
  } catch (error) {
    exitCode = codeOf(error);
    // Commander has said by itself what is wrong.
    if (!(error instanceof CommanderError)) note(`dev-env: ${errorMessage(error)}`);
  }
  await output.flush();
  // What still has handles open (watchers, sockets) has no say in when the command is over.
  process.exit(exitCode);
}

function codeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  if (!(error instanceof DevEnvError)) return exitCodes.failed;
  switch (error.code) {
    case 'unknown-process':
      return exitCodes.usage;
    case 'config-invalid':
      return exitCodes.config;
    case 'owner-unreachable':
    case 'owner-left':
    case 'state-folder':
      return exitCodes.unreachable;
    default:
      return exitCodes.failed;
  }
}
