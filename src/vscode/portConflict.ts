import * as vscode from 'vscode';
import { systemClock as clock } from '../base/clock.ts';
import { systemErrorCode } from '../base/errors.ts';
import { type FoundRun, findRunOf, ownLineage, stopFoundRun } from '../controller/leftovers.ts';
import { identify, isSameProcess, type ProcessIdentity } from '../process/identity.ts';
import { findPortHolder, type PortHolder } from '../process/portHolder.ts';
import { listenersOn, waitUntilPortIsFree } from '../process/ports.ts';
import type { ProcessRef } from './environments.ts';

/** For a program to end after it was asked to, and to let go of its port. */
const defaultGraceMs = 10_000;

/** Who is in the way, proven to be one and the same process in all of it. */
export interface Opponent {
  readonly holder: PortHolder;
  readonly identity: ProcessIdentity;
  /** The run of ours that it belongs to; undefined for a foreign program. */
  readonly run: FoundRun | undefined;
}

/** What a person is asked before a program is ended. */
export interface ConflictQuestions {
  readonly confirmStop: (opponent: Opponent) => Promise<boolean>;
  readonly confirmKill: (opponent: Opponent) => Promise<boolean>;
}

/** Can the process be given another port? Only if the file leaves the choice to us. */
export function canChoosePort(ref: ProcessRef): boolean {
  const { environment, name } = ref;
  return hasConflict(ref) && environment.hasAutoPort(name) && environment.owner === undefined;
}

/** Gives the process another port, if it still needs one, and starts it. */
export async function chooseAnotherPort(ref: ProcessRef): Promise<void> {
  const { environment, name } = ref;
  if (canChoosePort(ref)) await environment.reassignPort(name);
  await environment.controller?.start([name]);
}

/**
 * Ends the program that holds the port of a process, if a person agrees, and starts the process.
 * Nothing is signalled but what was shown, for as long as it is still what holds the port. `graceMs`
 * is how long it may take to let go of it.
 */
export async function stopHolderAndStart(
  ref: ProcessRef,
  questions: ConflictQuestions = dialogs,
  graceMs = defaultGraceMs,
): Promise<void> {
  const { environment, name } = ref;
  const port = environment.controller?.process(name)?.port;
  // Where another window runs the environment, its programs are not for this one to end.
  const mustClear = hasConflict(ref) && environment.owner === undefined && port !== undefined;
  if (mustClear && !(await clearPort(ref, port, questions, graceMs))) return;
  await environment.controller?.start([name]);
}

/** A call, since a notification may be answered long after, when the process itself has the port. */
function hasConflict({ environment, name }: ProcessRef): boolean {
  return environment.controller?.process(name)?.failure === 'port-in-use';
}

/** Whether the port is free. */
async function clearPort(
  ref: ProcessRef,
  port: number,
  questions: ConflictQuestions,
  timeoutMs: number,
): Promise<boolean> {
  const opponent = await findOpponent(port);
  if (opponent === undefined) return true;
  if (typeof opponent === 'string') {
    void vscode.window.showErrorMessage(opponent);
    return false;
  }
  if (!(await questions.confirmStop(opponent))) return false;
  if (!hasConflict(ref)) return true;
  if (await isStillHolding(opponent)) await stop(ref, opponent);
  if (await waitUntilPortIsFree(port, { clock, timeoutMs })) return true;
  // Not asked of one who has let go of the port to another.
  if (!(await isStillHolding(opponent)) || !(await questions.confirmKill(opponent))) {
    tellStillTaken(port);
    return false;
  }
  if (await isStillHolding(opponent)) send(opponent, 'SIGKILL');
  if (await waitUntilPortIsFree(port, { clock, timeoutMs })) return true;
  tellStillTaken(port);
  return false;
}

/** Who holds the port; words when nothing can be done about it; undefined when it is free. */
async function findOpponent(port: number): Promise<Opponent | string | undefined> {
  const before = await findPortHolder(port);
  if (before === undefined) return undefined;
  const identity = before.pid === undefined ? undefined : await identify(before.pid);
  // Once more, now that it is known which process of that PID is meant.
  const holder = await findPortHolder(port);
  if (holder === undefined) return undefined;
  if (identity?.startTime === undefined || holder.pid !== identity.pid) {
    return vscode.l10n.t('The program that holds port {0} cannot be told, nor stopped.', port);
  }
  if ((await ownLineage()).has(identity.pid)) {
    return vscode.l10n.t(
      'Port {0} is held by the editor itself (PID {1}). Close the port there, under Ports.',
      port,
      identity.pid,
    );
  }
  return { holder, identity, run: await findRunOf(identity.pid) };
}

async function isStillHolding({ holder, identity }: Opponent): Promise<boolean> {
  const listeners = await listenersOn(holder.port);
  return listeners.some(({ pid }) => pid === identity.pid) && (await isSameProcess(identity));
}

/** A run of ours is stopped as a whole, a foreign program by itself: what it has started is its own. */
async function stop({ environment }: ProcessRef, opponent: Opponent): Promise<void> {
  const { run } = opponent;
  if (run === undefined) {
    send(opponent, 'SIGTERM');
    return;
  }
  const { controller } = environment;
  const live = run.processName === undefined ? undefined : controller?.process(run.processName);
  const isHere = run.stateFolder === environment.statePath && run.standing === 'attended';
  // Of what runs here the controller has to know, or it would start it again.
  if (isHere && live !== undefined) await controller?.stop([live.name], { withDependents: false });
  else await stopFoundRun(run);
}

function send({ identity }: Opponent, signal: NodeJS.Signals): void {
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    // It has just ended.
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}

function tellStillTaken(port: number): void {
  void vscode.window.showErrorMessage(vscode.l10n.t('Port {0} is still in use.', port));
}

const dialogs: ConflictQuestions = {
  confirmStop: (opponent) =>
    confirm(
      vscode.l10n.t('Stop the program that holds port {0}?', opponent.holder.port),
      describe(opponent),
      vscode.l10n.t('Stop That Program'),
    ),
  confirmKill: (opponent) =>
    confirm(
      vscode.l10n.t('The program still holds port {0}. End it by force?', opponent.holder.port),
      describe(opponent),
      vscode.l10n.t('End by Force'),
    ),
};

async function confirm(message: string, detail: string, yes: string): Promise<boolean> {
  const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, yes);
  return choice === yes;
}

function describe({ holder, identity, run }: Opponent): string {
  const { t } = vscode.l10n;
  const lines = [
    holder.command ?? t('(its command line is not known)'),
    t('PID {0}, user {1}', identity.pid, holder.user ?? '?'),
  ];
  if (run !== undefined) {
    const name = run.processName ?? '?';
    const folder = run.folder ?? run.stateFolder ?? '?';
    lines.push(t('It is a run of {0}, of the environment of {1}.', name, folder));
    if (run.standing === 'lost') lines.push(t('It was lost: no window knows of it any more.'));
    if (run.standing === 'attended') {
      lines.push(t('A window runs it; if it is not this one, it may start it again.'));
    }
  }
  return lines.join('\n');
}
