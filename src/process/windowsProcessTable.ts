import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessInfo } from './processInfo.ts';

const fields = [
  'ProcessId',
  'ParentProcessId',
  // Ticks, since PowerShell 5 and 7 write dates as JSON in different ways.
  "@{n='Started';e={if($_.CreationDate){$_.CreationDate.ToUniversalTime().Ticks.ToString()}}}",
  'CommandLine',
  'Name',
].join(',');

/** All processes, from CIM through PowerShell (`wmic` is no longer part of Windows). */
export async function listWindowsProcesses(): Promise<ProcessInfo[]> {
  return parseWindowsProcesses(await query(''));
}

/** One process, or undefined when there is none with this PID (any more). */
export async function readWindowsProcess(pid: number): Promise<ProcessInfo | undefined> {
  return parseWindowsProcesses(await query(` -Filter 'ProcessId=${pid}'`))[0];
}

async function query(filter: string): Promise<string> {
  const script =
    '[Console]::OutputEncoding=[Text.Encoding]::UTF8;' +
    `Get-CimInstance Win32_Process${filter}|Select-Object ${fields}|ConvertTo-Json -Compress`;
  const { stdout } = await promisify(execFile)(
    'powershell.exe',
    ['-NoProfile', '-NonInteractive', '-Command', script],
    { windowsHide: true, maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout;
}

/**
 * Parses the JSON that the query prints: an array, a bare object when there is one, nothing when
 * there is none. A parent that started after its child is not its parent: Windows gives PIDs out
 * again and leaves the old number with the children.
 */
export function parseWindowsProcesses(text: string): ProcessInfo[] {
  if (text.trim() === '') return [];
  const parsed: unknown = JSON.parse(text);
  const rows = (Array.isArray(parsed) ? parsed : [parsed]).filter(isRow);
  const startedAt = new Map(rows.map((row) => [row.ProcessId, row.Started]));
  return rows.map((row) => {
    const parentStart = startedAt.get(row.ParentProcessId);
    const isReused =
      parentStart != null && row.Started != null && isLater(parentStart, row.Started);
    return {
      pid: row.ProcessId,
      ppid: isReused ? 0 : row.ParentProcessId,
      pgid: undefined,
      sid: undefined,
      startTime: row.Started ?? undefined,
      isZombie: false,
      command: row.CommandLine ?? row.Name ?? undefined,
      uid: undefined,
    };
  });
}

interface Row {
  readonly ProcessId: number;
  readonly ParentProcessId: number;
  readonly Started?: string | null;
  readonly CommandLine?: string | null;
  readonly Name?: string | null;
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ProcessId' in value &&
    typeof value.ProcessId === 'number' &&
    'ParentProcessId' in value &&
    typeof value.ParentProcessId === 'number'
  );
}

/** Ticks have more digits than a double holds exactly. */
function isLater(a: string, b: string): boolean {
  return BigInt(a) > BigInt(b);
}
