import { spawn } from 'node:child_process';

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end and gives back its standard output. Rejects with the end of everything
 * it printed when it fails, so that the cause is in the error. Ends with this program.
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a script with the extension .cmd there, which only a shell can run.
      shell: process.platform === 'win32' && command === 'npm',
    });
    let stdout = '';
    let everything = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      everything += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      everything += chunk.toString();
    });
    const endChild = (): void => void child.kill();
    process.once('exit', endChild);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', endChild);
      if (code === 0) {
        resolve(stdout);
        return;
      }
      const how = code === null ? `was ended by ${String(signal)}` : `exited with ${code}`;
      const line = [command, ...args].join(' ');
      reject(new Error(`${line} ${how}\n${everything.trim().slice(-4000)}`));
    });
  });
}
