/** One entry of the system's process table. */
export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  /** Process group; undefined on Windows. */
  readonly pgid: number | undefined;
  /** Session; known on Linux only. */
  readonly sid: number | undefined;
  /**
   * When it started, in a form of the platform that is only ever compared: together with the PID
   * it tells a process from a later one that was given the same PID.
   */
  readonly startTime: string | undefined;
  /** It has ended and waits for its parent to take note, or for ever: it counts as gone. */
  readonly isZombie: boolean;
  /** Its command line, where it was asked for and may be read. */
  readonly command: string | undefined;
  /** The numeric user id; undefined on Windows, and where it was not asked for. */
  readonly uid: number | undefined;
}
