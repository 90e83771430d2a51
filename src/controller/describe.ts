import * as l10n from '@vscode/l10n';
import type { ExitStatus } from '../process/exitFile.ts';
import type { PortHolder } from '../process/portHolder.ts';
import type { RequestedBy } from './snapshot.ts';
import type { Cause, Failure, ProcessStatus } from './state.ts';

/** A dependency that is not satisfied yet, with what is known of it. */
export interface PendingDependency {
  readonly name: string;
  /** The dependency's own reason; asked for only where it is told. */
  readonly reason: () => string | undefined;
}

/** What the words need beside the status itself. */
export interface DescribeContext {
  readonly pending: readonly PendingDependency[];
  /** What the last readiness probe saw, and how many there were. */
  readonly probe: { readonly seen: string; readonly tries: number } | undefined;
  readonly heldBy: readonly string[];
}

/** One line on why a process is in its state; undefined when the state says it all. */
export function describeStatus(
  status: ProcessStatus,
  context: DescribeContext,
): string | undefined {
  const { state } = status;
  switch (state.name) {
    case 'stopped':
      return state.cause === undefined ? undefined : describeCause(state.cause);
    case 'waiting':
      return state.isLooking === true ? context.probe?.seen : describePending(context.pending);
    case 'starting':
      if (context.probe === undefined) return undefined;
      return context.probe.tries === 1
        ? l10n.t('not ready: {0}', context.probe.seen)
        : l10n.t('not ready: {0} ({1} tries)', context.probe.seen, context.probe.tries);
    case 'running':
      return undefined;
    case 'stopping':
      return state.phase === 'held' && context.heldBy.length > 0
        ? l10n.t('waits until {0} stopped', context.heldBy.join(', '))
        : describeCause(state.then.kind === 'failed' ? state.then.failure.cause : state.then.cause);
    case 'backoff':
      return describeCause(state.cause);
    case 'completed':
      return undefined;
    case 'failed':
      return describeFailure(state.failure);
  }
}

/** Why a run that begins was started: "by you"; undefined when it is not known. */
export function describeStart({ state }: ProcessStatus): string | undefined {
  if (state.name !== 'starting') return undefined;
  const { cause } = state;
  return cause.kind === 'requested'
    ? describeCause(cause)
    : l10n.t('again after: {0}', describeCause(cause));
}

/** A failure in words: "exit code 1 after 0.4 s, 5 times in 31 s", "not ready after 60 s: …". */
export function describeFailure(failure: Failure): string {
  const words = describeAttempts(failure);
  return failure.code === 'crash-loop' ? l10n.t('crash loop: {0}', words) : words;
}

function describeAttempts({ cause, history, restarts }: Failure): string {
  const words = describeCause(cause);
  if (history !== undefined && history.count > 1) {
    const last =
      cause.kind === 'exited'
        ? l10n.t('{0} after {1}', words, formatSeconds(history.lastedMs))
        : words;
    const span = formatSeconds(history.spanMs);
    return history.isSame
      ? l10n.t('{0}, {1} times in {2}', last, history.count, span)
      : l10n.t('{0}; {1} failures in {2}', last, history.count, span);
  }
  switch (restarts) {
    case 0:
      return words;
    case 1:
      return l10n.t('{0}, after 1 restart', words);
    default:
      return l10n.t('{0}, after {1} restarts', words, restarts);
  }
}

/** How a run ended, in words. Exit code 127 is a shell's way to say that the command is unknown. */
export function describeExit(exit: ExitStatus): string {
  if (exit.isOutOfMemory === true) {
    const { isOutOfMemory, ...end } = exit;
    return l10n.t('{0}: the kernel ended it at its memory limit', describeExit(end));
  }
  if (exit.signal !== undefined) return l10n.t('ended by {0}', exit.signal);
  if (exit.code === undefined) return l10n.t('ended, nobody saw how');
  if (exit.code === 127) return l10n.t('exit code 127 (command not found)');
  if (exit.code === 126) return l10n.t('exit code 126 (command not executable)');
  return l10n.t('exit code {0}', exit.code);
}

function describePending(pending: readonly PendingDependency[]): string | undefined {
  const [first] = pending;
  if (first === undefined) return undefined;
  const names = pending.map((dependency) => dependency.name).join(', ');
  const reason = pending.length === 1 ? first.reason() : undefined;
  return reason === undefined
    ? l10n.t('waiting for {0}', names)
    : l10n.t('waiting for {0}: {1}', names, reason);
}

function describeCause(cause: Cause): string {
  switch (cause.kind) {
    case 'requested':
      return describeRequest(cause.by, cause.through, cause.detail);
    case 'exited':
      return cause.wasReady
        ? describeExit(cause.exit)
        : l10n.t('{0} before it was ready', describeExit(cause.exit));
    case 'spawn-error':
      return cause.message;
    case 'port-in-use':
      return describePortHolder(cause.holder, cause.isLost);
    case 'not-ready-in-time':
      return l10n.t('not ready after {0}: {1}', formatSeconds(cause.timeoutMs), cause.seen);
    case 'dependency-failed':
      return l10n.t('needs {0}: {1}', cause.name, cause.why);
    case 'timed-out':
      return l10n.t('not done after {0}', formatSeconds(cause.timeoutMs));
    case 'unwell':
      return cause.code === 'unhealthy' ? l10n.t('unhealthy: {0}', cause.why) : cause.why;
    case 'not-stopped':
      return l10n.t('could not be stopped, still running: PID {0}', cause.pids.join(', '));
  }
}

/** "port 5000 is held by node server.js (PID 123, user ann)", and whose it is if it is one of ours. */
function describePortHolder(holder: PortHolder, isLost: boolean): string {
  const { port, pid, command, user, processName, stateFolder } = holder;
  if (pid === undefined) {
    return l10n.t('port {0} is held by a program that the system does not name', port);
  }
  const shown = command === undefined ? '' : shorten(command);
  const words = l10n.t(
    'port {0} is held by {1} (PID {2}, user {3})',
    port,
    shown,
    pid,
    user ?? '?',
  );
  if (isLost) return l10n.t('{0}, a lost run of {1}', words, processName ?? '?');
  return stateFolder === undefined
    ? words
    : l10n.t('{0}, {1} of another environment', words, processName ?? '?');
}

const maxShownCommand = 80;

function shorten(text: string): string {
  return text.length <= maxShownCommand ? text : `${text.slice(0, maxShownCommand - 1)}…`;
}

function describeRequest(
  by: RequestedBy,
  through: string | undefined,
  detail: string | undefined,
): string {
  if (through !== undefined) {
    return by === 'dependency'
      ? l10n.t('because {0} restarted', through)
      : l10n.t('because of {0}', through);
  }
  switch (by) {
    case 'you':
      return l10n.t('by you');
    case 'autostart':
      return l10n.t('by auto-start');
    case 'config':
      return l10n.t('by a change of the file');
    case 'close':
      return l10n.t('because the window closed');
    case 'rollback':
      return l10n.t('because the start failed elsewhere');
    case 'schedule':
      return l10n.t('by its schedule');
    case 'watch':
      return detail === undefined
        ? l10n.t('because a watched file changed')
        : l10n.t('because {0} changed', detail);
    case 'health':
      return l10n.t('because it was unhealthy');
    case 'limit':
      return l10n.t('because it went beyond a limit');
    case 'dependency':
      return l10n.t('because a dependency restarted');
  }
}

function formatSeconds(ms: number): string {
  return l10n.t('{0} s', Math.round(ms / 100) / 10);
}
