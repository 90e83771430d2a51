import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Diagnostics } from '../../src/vscode/yaml/diagnostics.ts';
import { Completions } from '../../src/vscode/yaml/completions.ts';
import { ConfigDocuments } from '../../src/vscode/yaml/configDocuments.ts';
import { until } from '../support/until.ts';
import { TestFolder } from './testFolder.ts';

/** What is wrong, the message it has to show, and the text it has to be under. */
interface Fault {
  readonly what: string;
  readonly text: string;
  readonly message: RegExp;
  readonly under: string;
  readonly severity?: vscode.DiagnosticSeverity;
}

const faults: readonly Fault[] = [
  {
    what: 'an unknown key',
    text: 'processes:\n  - name: a\n    comand: ls\n    command: ls\n',
    message: /comand.*"?command/,
    under: 'comand',
  },
  {
    what: 'a wrong type',
    text: 'processes:\n  - name: a\n    command: ls\n    port: many\n',
    message: /port/i,
    under: 'many',
  },
  {
    what: 'a number without a unit',
    text: 'processes:\n  - name: a\n    command: ls\n    startup_timeout: 10\n',
    message: /unit|10s/,
    under: '10',
  },
  {
    what: 'a name used twice',
    text: 'processes:\n  - name: same\n    command: ls\n  - name: same\n    command: ls\n',
    message: /same/,
    under: 'same',
  },
  {
    what: 'an unknown dependency',
    text: 'processes:\n  - name: api\n    command: ls\n    depends_on: [apo]\n',
    message: /apo/,
    under: 'apo',
  },
  {
    what: 'a circle of dependencies',
    text: [
      'processes:',
      '  - { name: a, command: ls, depends_on: [b] }',
      '  - { name: b, command: ls, depends_on: [a] }\n',
    ].join('\n'),
    message: /a → b → a/,
    under: 'a',
  },
  {
    what: 'a directory that is not there',
    text: 'processes:\n  - name: a\n    command: ls\n    workdir: ./nowhere\n',
    message: /nowhere/,
    under: './nowhere',
  },
  {
    what: 'two processes on one port',
    text: [
      'processes:',
      '  - { name: a, command: ls, port: 4001 }',
      '  - { name: b, command: ls, port: 4001 }\n',
    ].join('\n'),
    message: /4001/,
    under: '4001',
  },
  {
    what: 'a variable that is not set',
    text: 'processes:\n  - name: a\n    command: echo ${NO_SUCH_VARIABLE_ANYWHERE}\n',
    message: /NO_SUCH_VARIABLE_ANYWHERE/,
    under: '${NO_SUCH_VARIABLE_ANYWHERE}',
  },
];

describe('diagnostics', () => {
  let folder: TestFolder;
  let diagnostics: Diagnostics;

  beforeEach(async () => {
    folder = await TestFolder.create();
    diagnostics = new Diagnostics(folder.environments, new ConfigDocuments(folder.environments));
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    diagnostics.dispose();
    await folder.close();
  });

  const shown = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(folder.uri);

  for (const { what, text, message, under } of faults) {
    it(`tells of ${what} at its place`, async () => {
      await folder.open(text);
      const found = await until(`a diagnostic for ${what}`, () =>
        shown().find((diagnostic) => message.test(diagnostic.message)),
      );
      assert.equal(found.source, 'Dev Env');
      const document = await vscode.workspace.openTextDocument(folder.uri);
      assert.equal(document.getText(found.range), under);
    });
  }

  it('tells of a syntax error', async () => {
    await folder.open('processes: [a\n');
    const [found] = await until('a diagnostic', () => shown().length > 0 && shown());
    assert.equal(found?.severity, vscode.DiagnosticSeverity.Error);
  });

  it('tells of everything at once', async () => {
    await folder.open('processes:\n  - { name: a, command: ls, prot: 1, depends_on: [b] }\n');
    await until('two diagnostics', () => shown().length >= 2);
  });

  it('follows what is typed, and what is taken back, before it is saved', async () => {
    await folder.open('processes:\n  - name: a\n    command: ls\n');
    const document = await vscode.workspace.openTextDocument(folder.uri);
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), '    prot: 1\n'));
    await until('the error', () => shown().some(({ message }) => message.includes('prot')));
    await vscode.commands.executeCommand('undo');
    await until('the error to go', () => shown().length === 0);
  });

  it('has nothing against a port of our choice', async () => {
    await folder.open('processes:\n  - { name: a, command: ls, port: auto, prot: 1 }\n');
    await vscode.workspace.openTextDocument(folder.uri);
    const found = await until('the error', () => shown().length > 0 && shown());
    assert.deepEqual(
      found.map(({ code }) => code),
      ['unknown-key'],
    );
  });

  it('tells at its place what is wrong with the local file, as it is typed and on disk', async () => {
    const name = 'dev-env.local.yaml';
    await folder.write('processes: { a: { prot: 1 } }\n', name);
    const environment = await folder.open('processes:\n  - { name: a, command: ls }\n');
    const uri = vscode.Uri.file(join(folder.path, name));
    const shownLocal = (): string[] =>
      vscode.languages.getDiagnostics(uri).map(({ message }) => message);
    await until('the error', () => shownLocal().some((message) => message.includes('"prot"')));
    assert.deepEqual(shown(), []);
    assert.equal(environment.result?.model, undefined);

    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 18, 0, 22), 'port'));
    await until('the error to go', () => shownLocal().length === 0);
    await document.save();
    await until('the model', () => environment.result?.model?.processes[0]?.port === 1);

    const documents = new ConfigDocuments(folder.environments);
    const completions = new Completions(documents);
    const items = await completions.provideCompletionItems(document, new vscode.Position(0, 18));
    assert.ok(items.some(({ label }) => label === 'watch'));
    documents.dispose();
    await vscode.workspace.fs.delete(uri);
    await until('the model without it', () => environment.result?.local === undefined);
  });

  it('takes its diagnostics away with the file', async () => {
    const environment = await folder.open('processes: 1\n');
    await until('the error', () => shown().length > 0);
    await vscode.workspace.fs.delete(folder.uri);
    await environment.reload();
    await until('the error to go', () => shown().length === 0);
  });
});
