import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { EnvironmentController } from '../../src/controller/snapshot.ts';
import { Environments } from '../../src/vscode/environments.ts';
import type { FolderEnvironment } from '../../src/vscode/folderEnvironment.ts';
import type { Profiles } from '../../src/vscode/profiles.ts';

/**
 * A folder of its own with an environment of its own, apart from the one the extension itself keeps
 * for the workspace: so that the parts of the editor can be tried one by one.
 */
export class TestFolder {
  readonly path: string;
  readonly environments: Environments;
  readonly log: vscode.LogOutputChannel;

  private constructor(path: string, profiles?: Profiles) {
    this.path = path;
    this.log = vscode.window.createOutputChannel('Dev Env test', { log: true });
    this.environments = new Environments(this.log, profiles);
  }

  static async create(profiles?: Profiles): Promise<TestFolder> {
    const path = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-host-test-')));
    return new TestFolder(path, profiles);
  }

  get uri(): vscode.Uri {
    return vscode.Uri.file(join(this.path, 'dev-env.yaml'));
  }

  async write(text: string, name = 'dev-env.yaml'): Promise<void> {
    await writeFile(join(this.path, name), text);
  }

  /** Writes the file, opens the folder, and resolves when the file was read. */
  async open(text: string): Promise<FolderEnvironment> {
    await this.write(text);
    await this.environments.open({ uri: vscode.Uri.file(this.path), name: 'test', index: 0 });
    return this.environments.all()[0]!;
  }

  async close(): Promise<void> {
    await this.environments.close();
    this.log.dispose();
    await rm(this.path, { recursive: true, force: true });
  }
}

/** The controller of an environment that must have one. */
export function controllerOf(environment: FolderEnvironment): EnvironmentController {
  const { controller } = environment;
  assert.ok(controller, 'there is no controller');
  return controller;
}

/**
 * The command of a process that runs JavaScript in whatever the extension host runs on, as a list
 * for the file. In desktop VS Code that is Electron, which has to be told to be Node.
 */
export function runScript(script: string): string {
  return [
    `    command: ${JSON.stringify([process.execPath, '-e', script])}`,
    `    env: { ELECTRON_RUN_AS_NODE: "1" }`,
  ].join('\n');
}

/** Stays up until it is ended. */
export const stayUp = runScript('setInterval(() => {}, 1000)');
