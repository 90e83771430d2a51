/**
 * A line for `cmd.exe /d /s /c "…"` that runs a batch file with exactly these arguments. Quoted
 * first for the C runtime (backslashes before a quote are doubled), then every character that
 * cmd.exe reads is escaped with `^`; the arguments twice, since the batch file's own `%*` has them
 * read once more. After https://qntm.org/cmd and cross-spawn.
 */
export function batchCommandLine(file: string, args: readonly string[]): string {
  return [escape(file), ...args.map((argument) => escape(escape(quote(argument))))].join(' ');
}

function quote(argument: string): string {
  const inner = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1');
  return `"${inner}"`;
}

function escape(text: string): string {
  return text.replace(/[()\][%!^"`<>&|;, *?]/g, '^$&');
}
