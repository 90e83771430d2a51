import { createHmac } from 'node:crypto';
import type { Command } from '../base/command.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import type { ProcessSnapshot } from '../controller/snapshot.ts';
import { isInActiveProfiles } from '../controller/targets.ts';
import { dependenciesOf } from '../graph/dependencyGraph.ts';
import type { AutoStartSetting } from './settings.ts';

/** What opening a folder would start. */
export interface AutoStartPlan {
  /** Those that ask for it; what they depend on comes along. */
  readonly wanted: readonly string[];
  /** All that would be started, in the order of the file. */
  readonly processes: readonly ProcessModel[];
  /** Changes with anything that decides what runs, and with nothing else. */
  readonly hash: string;
}

export interface AutoStartFacts {
  readonly setting: AutoStartSetting;
  readonly isTrusted: boolean;
  /** Opening this folder has been dealt with before in this window. */
  readonly isDone: boolean;
  /** The person said never, for this folder. */
  readonly isRefused: boolean;
  /** Hash of the plan that was approved last. */
  readonly approvedHash: string | undefined;
  readonly plan: AutoStartPlan;
}

export type AutoStartDecision = 'nothing' | 'ask' | 'start';

/** Whether opening a folder starts its processes. Pure. */
export function decideAutoStart(facts: AutoStartFacts): AutoStartDecision {
  const { setting, isTrusted, isDone, isRefused, approvedHash, plan } = facts;
  if (!isTrusted || isDone || isRefused || setting === 'never') return 'nothing';
  if (plan.wanted.length === 0) return 'nothing';
  if (setting === 'always' || approvedHash === plan.hash) return 'start';
  return 'ask';
}

/** `key` is a secret of this user's, see `hashCommands`. */
export function planAutoStart(model: EnvironmentModel, key: string): AutoStartPlan {
  const wanted = model.processes
    .filter((process) => process.autostart && isInActiveProfiles(process, model.activeProfiles))
    .map((process) => process.name);
  const all = new Set(dependenciesOf(model.processes, wanted));
  const processes = model.processes.filter((process) => all.has(process.name));
  return { wanted, processes, hash: hashCommands(processes, key) };
}

/**
 * Of those that ask to be started, those to start now. When a window goes on where another one was
 * a moment ago, what is down is down for a reason, unless the closing of the window was it. And what
 * a person stopped is left alone where the policy is `unless-stopped`. Pure.
 */
export function toStartNow(
  plan: AutoStartPlan,
  processes: readonly ProcessSnapshot[],
  isContinuation: boolean,
): readonly string[] {
  const policies = new Map(plan.processes.map(({ name, restart }) => [name, restart.policy]));
  const down = new Map(processes.map((process) => [process.name, process]));
  return plan.wanted.filter((name) => {
    const process = down.get(name);
    if (process === undefined || process.stoppedBy === 'close') return true;
    if (isContinuation) return false;
    return !(policies.get(name) === 'unless-stopped' && process.stoppedBy === 'you');
  });
}

/**
 * A hash of everything that says what would run. The values of the environment count: by one like
 * NODE_OPTIONS or PATH the same command runs something else. Since they may be secrets, the hash is
 * keyed, so that nobody can try out values on it who does not have the key.
 */
export function hashCommands(processes: readonly ProcessModel[], key: string): string {
  const facts = processes
    .map((process) => ({
      name: process.name,
      command: process.command,
      workdir: process.workdir,
      env: Object.entries(process.env).sort(([a], [b]) => (a < b ? -1 : 1)),
      ready: process.ready.kind === 'command' ? process.ready.command : null,
      stop: process.stop.command ?? null,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return createHmac('sha256', key).update(JSON.stringify(facts)).digest('hex');
}

/** Every command of the plan, as text that a person can read before they agree. */
export function describePlan(plan: AutoStartPlan): string {
  return plan.processes.map(describeProcessPlan).join('\n\n');
}

function describeProcessPlan(process: ProcessModel): string {
  const lines = [`${process.name}:`, `  command: ${commandText(process.command)}`];
  lines.push(`  workdir: ${process.workdir}`);
  const names = Object.keys(process.env).sort();
  if (names.length > 0) lines.push(`  env: ${names.join(', ')}`);
  if (process.ready.kind === 'command')
    lines.push(`  ready: ${commandText(process.ready.command)}`);
  if (process.stop.command !== undefined)
    lines.push(`  stop: ${commandText(process.stop.command)}`);
  return lines.join('\n');
}

/** A list is shown as a list: joined with blanks it could be taken for something else. */
export function commandText(command: Command): string {
  return typeof command === 'string' ? command : JSON.stringify(command);
}
