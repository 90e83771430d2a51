import type { Command } from '../base/command.ts';
import { environmentValue } from './childEnvironment.ts';
import { exitRecorder } from './exitFile.ts';
import { findCommand } from './findCommand.ts';
import { type StreamFiles, streamRecorder } from './streamRecorder.ts';
import { batchCommandLine } from './windowsQuoting.ts';

/** What is handed to the operating system for a command. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  /** Windows: the arguments are joined as they are; quoting was done here. */
  readonly isVerbatim: boolean;
}

/** What a command runs below; POSIX only. */
export interface LaunchLayers {
  /** It runs below a small shell that outlives this process and records how the command ended. */
  readonly exitFile?: string;
  /** With an `exitFile`: its two streams are kept apart too. */
  readonly streams?: StreamFiles | undefined;
  /** The command lines of programs that run the rest of their arguments, the outermost first. */
  readonly prefix?: readonly string[];
}

/**
 * Turns a command into a program and its arguments.
 * @throws DevEnvError `command-not-found`
 */
export function planLaunch(
  command: Command,
  workdir: string,
  env: Readonly<Record<string, string>>,
  { exitFile, streams, prefix = [] }: LaunchLayers = {},
): Launch {
  if (process.platform === 'win32') return planWindows(command, workdir, env);
  const argv =
    typeof command === 'string'
      ? ['/bin/sh', '-c', command]
      : // The resolved file, since the recording shell would take `echo` or `test` for its own.
        [findCommand(command[0], workdir, env), ...command.slice(1)];
  argv.unshift(...prefix);
  if (exitFile !== undefined) {
    const recorder =
      streams === undefined
        ? [exitRecorder, 'dev-env', exitFile]
        : [streamRecorder, 'dev-env', exitFile, streams.stdout, streams.stderr];
    argv.unshift('/bin/sh', '-c', ...recorder);
  }
  const [file = '/bin/sh', ...args] = argv;
  return { file, args, isVerbatim: false };
}

function planWindows(
  command: Command,
  workdir: string,
  env: Readonly<Record<string, string>>,
): Launch {
  const shell = environmentValue(env, 'ComSpec') ?? 'cmd.exe';
  if (typeof command === 'string') {
    // /d: no AutoRun commands; /s: take off the outer quotes only, and leave the rest as it is.
    return { file: shell, args: ['/d', '/s', '/c', `"${command}"`], isVerbatim: true };
  }
  const file = findCommand(command[0], workdir, env);
  if (!/\.(bat|cmd)$/i.test(file)) return { file, args: command.slice(1), isVerbatim: false };
  // Node refuses to run batch files itself (CVE-2024-27980): cmd.exe quotes in its own way.
  const line = batchCommandLine(file, command.slice(1));
  return { file: shell, args: ['/d', '/s', '/c', `"${line}"`], isVerbatim: true };
}
