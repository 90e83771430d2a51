import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DevEnvApi, EnvironmentView } from '../../src/vscode/api.ts';
import type { ProcessSnapshot } from '../../src/controller/snapshot.ts';
import { until } from '../support/until.ts';

/** The commands, tried on the environment of the workspace, as key bindings and links call them. */
describe('the commands', () => {
  let api: DevEnvApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<DevEnvApi>('dev-env.dev-env');
    assert.ok(extension);
    api = await extension.activate();
    await until('the environment', () => clock());
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('devEnv.stopAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const environment = (): EnvironmentView | undefined => api.environments()[0];
  const clock = (): ProcessSnapshot | undefined =>
    environment()?.processes.find(({ name }) => name === 'clock');

  it('start, restart and stop a process that is named', async () => {
    await vscode.commands.executeCommand('devEnv.startProcess', 'clock');
    assert.equal(clock()?.state, 'running');
    const pid = clock()?.pid;
    const target = { folder: environment()?.folder, name: 'clock' };
    await vscode.commands.executeCommand('devEnv.restartProcess', target);
    assert.equal(clock()?.state, 'running');
    assert.notEqual(clock()?.pid, pid);
    await vscode.commands.executeCommand('devEnv.stopProcess', 'clock');
    assert.equal(clock()?.state, 'stopped');
  });

  it('start and stop everything', async () => {
    await vscode.commands.executeCommand('devEnv.startAll');
    assert.equal(clock()?.state, 'running');
    await vscode.commands.executeCommand('devEnv.stopAll');
    assert.equal(clock()?.state, 'stopped');
  });

  it('ask which process when none is named', async () => {
    const started = vscode.commands.executeCommand('devEnv.startProcess');
    // The list needs a moment to open; the command does nothing before.
    await until('the start', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return clock()?.state === 'running';
    });
    await started;
  });

  it('copy what one needs elsewhere', async () => {
    await vscode.commands.executeCommand('devEnv.startProcess', 'clock');
    await vscode.commands.executeCommand('devEnv.copyPid', 'clock');
    assert.equal(await vscode.env.clipboard.readText(), String(clock()?.pid));
    await vscode.commands.executeCommand('devEnv.copyCommand', 'clock');
    assert.equal(await vscode.env.clipboard.readText(), clock()?.commandLine);
  });

  it('go to the definition and to the log file', async () => {
    await vscode.commands.executeCommand('devEnv.startProcess', 'clock');
    await vscode.commands.executeCommand('devEnv.goToDefinition', 'clock');
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, environment()?.configPath);
    assert.equal(editor?.document.getText(editor.selection), 'clock');
    await vscode.commands.executeCommand('devEnv.openLogFile', 'clock');
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, clock()?.logPath);
  });

  it('do nothing for a process that is not there', async () => {
    await vscode.commands.executeCommand('devEnv.startProcess', 'nobody');
    assert.equal(clock()?.state, 'stopped');
  });

  it('can be replaced by the interface for other extensions', async () => {
    let changes = 0;
    const subscription = api.onDidChange(() => changes++);
    const folder = environment()?.folder ?? '';
    assert.deepEqual((await api.start(folder))?.succeeded, ['clock']);
    assert.deepEqual((await api.restart(folder, ['clock']))?.succeeded, ['clock']);
    assert.deepEqual((await api.stop(folder))?.succeeded, ['clock']);
    assert.ok(changes > 0);
    assert.equal(await api.start('file:///nowhere'), undefined);
    subscription.dispose();
  });
});
