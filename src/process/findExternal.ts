import { readFile, stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { errorMessage, systemErrorCode } from '../base/errors.ts';
import { identify, type ProcessIdentity } from './identity.ts';
import { startedAtMs } from './linuxStartTime.ts';
import { isListening } from './listening.ts';
import { listenersOn } from './ports.ts';
import type { ProcessInfo } from './processInfo.ts';
import { listProcesses } from './processTable.ts';
import { shareScan } from './sharedScan.ts';

/** By what a program is found that somebody else has started. */
export type ExternalTarget =
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'pid-file'; readonly path: string }
  | { readonly kind: 'command'; readonly pattern: string };

export type ExternalFinding =
  /** `identity` is undefined when the system does not say whose the port is. */
  | { readonly isFound: true; readonly identity: ProcessIdentity | undefined }
  | { readonly isFound: false; readonly seen: string };

/** Looks for the program. Never rejects: what went wrong is what was seen. */
export async function findExternal(target: ExternalTarget): Promise<ExternalFinding> {
  try {
    switch (target.kind) {
      case 'port':
        return await findByPort(target.port);
      case 'pid-file':
        return await findByPidFile(target.path);
      case 'command':
        return await findByCommand(target.pattern);
    }
  } catch (error) {
    return notFound(errorMessage(error));
  }
}

function notFound(seen: string): ExternalFinding {
  return { isFound: false, seen };
}

async function found(pid: number): Promise<ExternalFinding | undefined> {
  const identity = await identify(pid);
  return identity && { isFound: true, identity };
}

async function findByPort(port: number): Promise<ExternalFinding> {
  if (!(await isListening(port))) return notFound(l10n.t('nobody listens on port {0}', port));
  for (const { pid } of await listenersOn(port)) {
    const finding = pid === undefined ? undefined : await found(pid);
    if (finding !== undefined) return finding;
  }
  return { isFound: true, identity: undefined };
}

/** Some hold more than the PID, in lines below it. */
const maxPidFileBytes = 4_096;

/** A file names a PID; that it may be given to another program since then shows in its start. */
async function findByPidFile(path: string): Promise<ExternalFinding> {
  let text: string;
  let writtenAtMs: number;
  try {
    const stats = await stat(path);
    if (!stats.isFile() || stats.size > maxPidFileBytes) {
      return notFound(l10n.t('{0} is no PID file', path));
    }
    writtenAtMs = stats.mtimeMs;
    text = await readFile(path, 'utf8');
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT'
      ? notFound(l10n.t('there is no PID file {0}', path))
      : notFound(l10n.t('the PID file {0} cannot be read', path));
  }
  const pid = /^\s*(\d{1,10})\b/.exec(text)?.[1];
  if (pid === undefined) return notFound(l10n.t('there is no PID in {0}', path));
  const finding = await found(Number(pid));
  if (finding === undefined) return notFound(l10n.t('PID {0} of the PID file is gone', pid));
  if (isYounger(Number(pid), writtenAtMs)) {
    return notFound(l10n.t('PID {0} of the PID file belongs to a later program', pid));
  }
  return finding;
}

/** Start times are known to a hundredth of a second, and the clock may have been set since. In ms. */
const startSlackMs = 5_000;

function isYounger(pid: number, writtenAtMs: number): boolean {
  const startMs = process.platform === 'linux' ? startedAtMs(pid) : undefined;
  return startMs !== undefined && startMs > writtenAtMs + startSlackMs;
}

const sharedProcesses = shareScan((): Promise<readonly ProcessInfo[]> => listProcesses('full'));

/** Of a program and the children that it started with the same command line, the first counts. */
async function findByCommand(pattern: string): Promise<ExternalFinding> {
  const expression = new RegExp(pattern);
  const matching = (await sharedProcesses(undefined)).filter(
    ({ pid, command, isZombie }) =>
      pid !== process.pid && !isZombie && command !== undefined && expression.test(command),
  );
  const pids = new Set(matching.map(({ pid }) => pid));
  const first = matching.find(({ ppid }) => !pids.has(ppid));
  if (first === undefined) return notFound(l10n.t('no command line matches {0}', pattern));
  return (await found(first.pid)) ?? notFound(l10n.t('no command line matches {0}', pattern));
}
