import * as l10n from '@vscode/l10n';
import type { Command } from '../base/command.ts';
import type { ProcessModel } from '../config/model.ts';
import type { RunnerCommand } from '../process/runners/runner.ts';
import { runners } from '../process/runners/runnerRegistry.ts';
import type { StreamFiles } from '../process/streamRecorder.ts';
import { findTerminalPython } from '../process/terminal/findPython.ts';
import { ptyHostPrefix } from '../process/terminal/ptyHost.ts';
import { type LaunchNotes, plainLaunch } from '../store/launchNotes.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { outputVariables } from './outputVariables.ts';
import { prepareLimits, type ProgramLimits } from './programLimits.ts';

/** What is known of a run when its program is about to be started. */
export interface LaunchRequest {
  readonly runId: string;
  readonly run: number;
  readonly definition: ProcessModel;
  /** The workspace folder. */
  readonly folder: string;
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  readonly hostEnv: NodeJS.ProcessEnv;
  readonly stateFolder: StateFolder;
  /** Ends the wait for a runner that is not there yet. */
  readonly signal: AbortSignal;
}

/** How the program of a run is started: what is run, with what, below what. */
export interface ProgramLaunch {
  readonly command: Command;
  readonly env: Readonly<Record<string, string>>;
  /** Programs that run the rest of their arguments. */
  readonly prefix: readonly string[];
  readonly limits: ProgramLimits | undefined;
  /** Where its two streams are kept apart. */
  readonly streams: StreamFiles | undefined;
  readonly notes: LaunchNotes;
}

/** Finds out how the program is to be started. Makes nothing. */
export async function prepareLaunch(request: LaunchRequest): Promise<ProgramLaunch> {
  const { runId, definition } = request;
  const { runner, workdir } = definition;
  const resolved: RunnerCommand =
    runner === undefined
      ? { command: definition.command }
      : await (
          await runners.find(runner.name, request.signal)
        ).resolve(runner.options, { workdir, folder: request.folder, env: request.env });
  const env = { ...request.env, ...resolved.env };
  const terminal = await terminalOf(request);
  const streams = streamsOf(request);
  const limits =
    definition.limits && (await prepareLimits(definition.limits, runId, env, request.hostEnv));
  return {
    command: resolved.command,
    env: { ...(terminal.prefix.length > 0 ? {} : outputVariables(env)), ...env, ...terminal.env },
    prefix: terminal.prefix,
    limits,
    streams,
    notes: {
      ...plainLaunch(runId),
      ...terminal.notes,
      ...(streams && { stdoutPath: streams.stdout, stderrPath: streams.stderr }),
    },
  };
}

/** The same with limits that are held as given, which may be otherwise than was planned. */
export function withLimits(launch: ProgramLaunch, limits: ProgramLimits): ProgramLaunch {
  const { notes } = launch;
  const { plan, held, warnings } = limits;
  return {
    ...launch,
    limits,
    notes: {
      ...notes,
      warnings: [...notes.warnings, ...warnings],
      limits: [...held],
      controlGroups: plan.groups.map(({ folder }) => folder),
    },
  };
}

/** A terminal has one stream, and for Windows there is no recorder. */
function streamsOf({ run, definition, stateFolder }: LaunchRequest): StreamFiles | undefined {
  const { name, kind, tty, interactive } = definition;
  if (kind !== 'task' || tty || interactive || process.platform === 'win32') return undefined;
  return {
    stdout: stateFolder.streamPath(name, run, 'stdout'),
    stderr: stateFolder.streamPath(name, run, 'stderr'),
  };
}

interface Terminal {
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly notes: Partial<LaunchNotes>;
}

async function terminalOf(request: LaunchRequest): Promise<Terminal> {
  const { runId, definition, env, hostEnv, stateFolder } = request;
  const { interactive: isInteractive, tty } = definition;
  if (!tty && !isInteractive) return { prefix: [], env: {}, notes: {} };
  const python = await findTerminalPython(hostEnv['PATH']);
  if (python === undefined) return { prefix: [], env: {}, notes: { warnings: [noTerminal()] } };
  const socketPath = stateFolder.terminalSocket(runId);
  // The editor's own TERM, if it has one, speaks of the terminal that it was started from.
  const isInherited = env['TERM'] === hostEnv['TERM'];
  return {
    prefix: ptyHostPrefix({ python, socketPath, isInteractive }),
    env: isInherited ? { TERM: 'xterm-256color', COLORTERM: 'truecolor' } : {},
    notes: { terminalSocket: socketPath },
  };
}

function noTerminal(): string {
  return process.platform === 'win32'
    ? l10n.t('There are no pseudo-terminals for it on Windows; its output goes to a file.')
    : l10n.t('It has no pseudo-terminal, since there is no Python 3; its output goes to a file.');
}
