/** Skips the running test, and says in its title, which the output shows, why it cannot run here. */
export function skip(context: Mocha.Context, reason: string): never {
  if (context.test !== undefined) context.test.title += ` (skipped: ${reason})`;
  return context.skip();
}

/** For what is proven by the process table of Linux. */
export function onlyOnLinux(context: Mocha.Context): void {
  if (process.platform !== 'linux') skip(context, 'reads the process table of Linux');
}
