import { systemErrorCode } from '../base/errors.ts';
import { isGroupOf, membersOfGroup } from './limits/controlGroups.ts';
import { readLinuxProcess } from './linuxProcessTable.ts';
import { type RunScanResult, scanForRuns } from './linuxRunScan.ts';
import type { ProcessInfo } from './processInfo.ts';
import { listProcessTree, readProcess } from './processTable.ts';
import { membersOf, type RunTarget } from './tree.ts';
import { killWindowsTree, signalDarwinTree } from './treeKill.ts';

/** A scan that a process vanished under is repeated at most this often. */
const maxRepeats = 10;

/**
 * The living processes of one run, as last looked at, and the means to signal them. No PID is
 * signalled unless its start time was compared just before.
 */
export class RunTree {
  readonly #target: RunTarget;
  readonly #members = new Map<number, ProcessInfo>();
  #isGroupFresh: boolean;
  #isGroupOurs = false;

  constructor(target: RunTarget, isGroupFresh: boolean) {
    this.#target = target;
    this.#isGroupFresh = isGroupFresh;
  }

  get members(): readonly ProcessInfo[] {
    return [...this.#members.values()];
  }

  get isLeaderAlive(): boolean {
    return this.#members.has(this.#target.pid);
  }

  /**
   * Looks through the whole process table. With `kill`, what carries the mark is killed as soon as
   * it is seen. Resolves with the number of members there are.
   */
  async scan(kill = false): Promise<number> {
    for (let repeat = 0; ; repeat++) {
      const marked = new Set<number>();
      const { table, isComplete } = await this.#look(marked, kill);
      this.#takeMembers(table, marked);
      // Nobody there, but someone has just left: it may have had a child that was not listed yet.
      const isSure = isComplete && marked.size === 0;
      if (this.#members.size > 0 || isSure || repeat === maxRepeats) return this.#members.size;
    }
  }

  /** Takes those that have ended off the members. Cheap: looks at nobody else. */
  refresh(): number {
    for (const info of this.#members.values()) {
      if (!isAlive(info)) this.#members.delete(info.pid);
    }
    return this.#members.size;
  }

  /** Signals every member, or those given: the group at one stroke, and each that is outside it. */
  async signal(signal: NodeJS.Signals, only?: readonly ProcessInfo[]): Promise<void> {
    this.refresh();
    const wanted = (only ?? this.members).filter((info) => this.#members.has(info.pid));
    if (wanted.length === 0) return;
    if (process.platform === 'win32') {
      await killWindowsTree(wanted, this.#target.pid, signal === 'SIGKILL');
      return;
    }
    const isWholeGroup = only === undefined && this.#isGroupOurs;
    const isInGroup = (info: ProcessInfo): boolean => info.pgid === this.#target.pid;
    if (isWholeGroup && wanted.some(isInGroup)) {
      send(-this.#target.pid, signal);
      // Who is stopped (Ctrl+Z, SIGTTIN) takes no other signal than SIGKILL before it continues.
      if (signal !== 'SIGKILL') send(-this.#target.pid, 'SIGCONT');
    }
    for (const info of wanted) {
      if ((isWholeGroup && isInGroup(info)) || !isAlive(info)) continue;
      if (process.platform === 'darwin') await signalDarwinTree(info.pid, signal);
      else send(info.pid, signal);
      if (signal !== 'SIGKILL') send(info.pid, 'SIGCONT');
    }
  }

  /** The members with command line and user, for those who have to be told. */
  async describe(): Promise<ProcessInfo[]> {
    const described = await Promise.all(this.members.map((info) => readProcess(info.pid)));
    return described.filter((info) => info !== undefined && !info.isZombie) as ProcessInfo[];
  }

  /** Gives the process table, and adds to `marked` what carries the mark. */
  async #look(marked: Set<number>, kill: boolean): Promise<RunScanResult> {
    if (process.platform !== 'linux') return { table: await listProcessTree(), isComplete: true };
    const { runId, startTime, isLeaderOldest, controlGroups } = this.#target;
    const result = await scanForRuns({
      oldest: isLeaderOldest === true ? startTime : undefined,
      visit: (pid, marks) => {
        if (marks.runId !== runId || pid === process.pid) return;
        marked.add(pid);
        // The mark was read this moment, which identifies the process as well as a start time does.
        if (kill) send(pid, 'SIGKILL');
      },
    });
    // Nobody leaves a group, not even who clears its environment and starts a session of its own.
    const groups = (controlGroups ?? []).filter((folder) => isGroupOf(runId, folder));
    for (const pid of groups.flatMap(membersOfGroup)) {
      marked.add(pid);
      if (kill) send(pid, 'SIGKILL');
    }
    return result;
  }

  #takeMembers(table: readonly ProcessInfo[], marked: ReadonlySet<number>): void {
    const { members, isGroupOurs } = membersOf(table, this.#target, {
      marked,
      known: this.#members.values(),
      isGroupFresh: this.#isGroupFresh,
      selfPid: process.pid,
    });
    this.#isGroupOurs = isGroupOurs;
    // The group had members a moment ago, so that its number is not yet given to another one.
    this.#isGroupFresh = members.some((info) => info.pgid === this.#target.pid);
    this.#members.clear();
    for (const info of members) this.#members.set(info.pid, info);
  }
}

/** Whether the very process that was seen lives; zombies do not. */
function isAlive(info: ProcessInfo): boolean {
  if (process.platform === 'linux') {
    const now = readLinuxProcess(info.pid);
    return now !== undefined && !now.isZombie && now.startTime === info.startTime;
  }
  // Elsewhere the start time costs a program to ask for; every signal follows a fresh scan there.
  try {
    process.kill(info.pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it has ended. EPERM: it changed its user, and shows up among the survivors.
  }
}
