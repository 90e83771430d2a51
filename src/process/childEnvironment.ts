/**
 * What VS Code and Electron put into the environment of their own processes; VS Code itself takes
 * nearly the same list away from the terminals it opens (`sanitizeProcessEnvironment` in its
 * src/vs/base/common/processes.ts). A child that inherits ELECTRON_RUN_AS_NODE, for example,
 * cannot start an Electron application.
 */
const editorsOwn = [
  /^VSCODE_/i,
  /^ELECTRON_/i,
  // Electron sets it at its start, to the editor's desktop entry.
  /^CHROME_DESKTOP$/i,
  // Those of the editor's snap package; libraries of a child would be looked for in there.
  /^SNAP(_|$)/,
  /^GDK_PIXBUF_/,
];

/** The server sets BROWSER to a helper that needs VSCODE_IPC_HOOK_CLI, which is taken away here. */
const editorsBrowser = /[\\/]bin[\\/]helpers[\\/]browser\.(sh|cmd)$/;

/**
 * The environment for a child: the inherited one without what belongs to the editor, and `extra`
 * on top. NODE_OPTIONS stays: the editor passes on the user's and sets none of its own.
 * On Windows names differ in case only by accident, so `extra` replaces `Path` by `PATH`.
 */
export function childEnvironment(
  base: NodeJS.ProcessEnv,
  extra: Readonly<Record<string, string>>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const fold = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name);
  const byFolded = new Map<string, readonly [name: string, value: string]>();
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || editorsOwn.some((pattern) => pattern.test(name))) continue;
    if (name === 'BROWSER' && editorsBrowser.test(value)) continue;
    byFolded.set(fold(name), [name, value]);
  }
  for (const [name, value] of Object.entries(extra)) byFolded.set(fold(name), [name, value]);
  return Object.fromEntries(byFolded.values());
}

/** The value of a variable; on Windows whatever the case of its name. */
export function environmentValue(
  env: Readonly<Record<string, string>>,
  name: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (platform !== 'win32') return env[name];
  const folded = name.toUpperCase();
  return Object.entries(env).find(([key]) => key.toUpperCase() === folded)?.[1];
}
