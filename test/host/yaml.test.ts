import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Completions } from '../../src/vscode/yaml/completions.ts';
import { ConfigDocuments } from '../../src/vscode/yaml/configDocuments.ts';
import { Definitions } from '../../src/vscode/yaml/definitions.ts';
import { Hovers } from '../../src/vscode/yaml/hovers.ts';
import { QuickFixes } from '../../src/vscode/yaml/quickFixes.ts';
import { TestFolder } from './testFolder.ts';

const text = `processes:
  - name: db
    comand: ls
    command: ls
  - name: api
    command: ls
    depends_on: [db]
`;

describe('help with the file', () => {
  let folder: TestFolder;
  let documents: ConfigDocuments;
  let document: vscode.TextDocument;

  beforeEach(async () => {
    folder = await TestFolder.create();
    documents = new ConfigDocuments(folder.environments);
    await folder.open(text);
    document = await vscode.workspace.openTextDocument(folder.uri);
  });

  afterEach(async () => {
    documents.dispose();
    await folder.close();
  });

  const at = (part: string): vscode.Position => document.positionAt(text.lastIndexOf(part) + 1);
  const textOf = (range: vscode.Range | undefined): string | undefined =>
    range && document.getText(range);

  it('leads from a dependency to its process', async () => {
    const [link] = await new Definitions(documents).provideDefinition(document, at('db]'));
    assert.equal(link?.targetUri.toString(), document.uri.toString());
    assert.equal(textOf(link.targetSelectionRange), 'db');
    assert.equal(link.targetSelectionRange?.start.line, 1);
    assert.match(textOf(link.targetRange) ?? '', /^name: db\n[^]*command: ls$/);
    assert.equal(textOf(link.originSelectionRange), 'db');
  });

  it('leads nowhere from other places', async () => {
    const links = await new Definitions(documents).provideDefinition(document, at('name: api'));
    assert.deepEqual(links, []);
  });

  it('finds who depends on a process', async () => {
    const definitions = new Definitions(documents);
    const name = document.positionAt(text.indexOf('db') + 1);
    const found = await definitions.provideReferences(document, name, { includeDeclaration: true });
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [1, 6],
    );
  });

  it('offers to write what was meant', async () => {
    const start = document.positionAt(text.indexOf('comand'));
    const range = new vscode.Range(start, start);
    const [fix, ...others] = await new QuickFixes(documents).provideCodeActions(document, range, {
      diagnostics: [],
      only: undefined,
      triggerKind: vscode.CodeActionTriggerKind.Invoke,
    });
    assert.deepEqual(others, []);
    assert.equal(fix?.isPreferred, true);
    const [edit] = fix.edit?.get(document.uri) ?? [];
    assert.equal(textOf(edit?.range), 'comand');
    assert.equal(edit?.newText, 'command');
  });

  it('proposes the fields that are not there yet, with what they mean', async () => {
    const items = await new Completions(documents).provideCompletionItems(
      document,
      document.positionAt(text.indexOf('comand')),
    );
    const port = items.find(({ label }) => label === 'port');
    assert.equal(port?.insertText, 'port: ');
    assert.ok((port.documentation as vscode.MarkdownString).value.length > 0);
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('ready') && !labels.includes('name'), labels.join());
  });

  it('proposes the processes one can depend on', async () => {
    const items = await new Completions(documents).provideCompletionItems(document, at('db]'));
    assert.deepEqual(
      items.map(({ label }) => label),
      ['db'],
    );
  });

  it('tells what a field means, and how a process is', async () => {
    const good = await TestFolder.create();
    const own = new ConfigDocuments(good.environments);
    await good.open(text.replace('    comand: ls\n', ''));
    const file = await vscode.workspace.openTextDocument(good.uri);
    const hovers = new Hovers(good.environments, own);
    const over = async (part: string): Promise<string> => {
      const position = file.positionAt(file.getText().lastIndexOf(part) + 1);
      const hover = await hovers.provideHover(file, position);
      return hover?.contents.map((one) => (one as vscode.MarkdownString).value).join() ?? '';
    };
    assert.match(await over('depends_on'), /has to be up before it starts/);
    assert.match(await over('db]'), /\*\*db\*\*.*stopped/);
    assert.match(await over('api\n'), /\*\*api\*\*.*stopped/);
    assert.equal(await over('ls'), '');
    own.dispose();
    await good.close();
  });

  it('says nothing about files that are not its own', async () => {
    const other = await vscode.workspace.openTextDocument({ language: 'yaml', content: text });
    assert.equal(await documents.analyse(other), undefined);
  });
});
