/** Names that npm and an outer VS Code give their children, and that nothing below may see. */
const foreign =
  /^(?:npm_(?:lifecycle|package|command|execpath|node_execpath)|INIT_CWD|NODE_OPTIONS|VSCODE_|ELECTRON_|MOCHA_)/;

/** This program's environment as a fresh terminal would have it, with `extra` added. */
export function hostEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(inherited), ...extra };
}
