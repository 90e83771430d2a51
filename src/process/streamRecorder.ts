/** Files that take what a program writes to each of its streams, beside the log that has both. */
export interface StreamFiles {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Does what `exitRecorder` does, and keeps the two streams apart as well. `$1` is the file for the
 * exit code, `$2` and `$3` those for stdout and stderr, the rest is the command.
 *
 * - A `tee` for each stream reads a pipe, and writes the file and the log. A line is in the log
 *   when it was read: two lines of different streams that are written within a moment can change
 *   places there, those of one stream never do.
 * - All ends of the pipes are opened here before anyone uses them (`<>` does not wait for the other
 *   side), so nothing depends on who is faster, and a stop at any moment leaves nobody waiting.
 * - The shell does not wait for the readers: a grandchild that holds a pipe open would keep it. The
 *   readers are members of the run, end when the last writer has, and the run is over only when no
 *   member is left. They ignore the signals that others end by, so that last words are kept.
 * - Where there can be no pipes in the folder, all goes to the log as for a service.
 */
export const streamRecorder = [
  'trap "" HUP INT QUIT USR1 USR2 PIPE ALRM TERM',
  'file=$1 out=$2 err=$3',
  'shift 3',
  'exec 3>&2 2>/dev/null',
  'if command -v tee >/dev/null && mkfifo -m 600 "$out.pipe" "$err.pipe"; then',
  '  exec 4<>"$out.pipe" 5<>"$err.pipe"',
  '  exec 6<"$out.pipe" 7<"$err.pipe" 8>"$out.pipe" 9>"$err.pipe" 4>&- 5>&-',
  '  rm -f "$out.pipe" "$err.pipe"',
  '  tee -a "$out" <&6 >&3 3>&- 6<&- 7<&- 8>&- 9>&- &',
  '  tee -a "$err" <&7 >&3 3>&- 6<&- 7<&- 8>&- 9>&- &',
  '  exec 6<&- 7<&-',
  'else',
  '  exec 8>&3 9>&3',
  'fi',
  'trap : HUP INT QUIT USR1 USR2 PIPE ALRM TERM',
  '(exec "$@" >&8 2>&9 3>&- 8>&- 9>&-)',
  'code=$?',
  'echo "$code" >"$file"',
  'exit "$code"',
].join('\n');
