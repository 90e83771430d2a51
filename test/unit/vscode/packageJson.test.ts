import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandIds, containerId, processesViewId, settingIds } from '../../../src/vscode/ids.ts';

const root = join(import.meta.dirname, '..', '..', '..');

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly views: Readonly<Record<string, readonly { id: string }[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { id: string }[]>>;
    readonly viewsWelcome: readonly { view: string; when: string; contents: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
}

const text = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const words = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
const { contributes } = manifest;

async function sources(): Promise<string> {
  const texts: string[] = [];
  for await (const path of glob('src/vscode/**/*.ts', { cwd: root })) {
    texts.push(await readFile(join(root, path), 'utf8'));
  }
  return texts.join('\n');
}

describe('package.json', () => {
  it('has the commands of the code, and the code those of package.json', () => {
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(declared.toSorted(), [...commandIds].toSorted());
  });

  it('has the settings of the code, and the code those of package.json', () => {
    const declared = Object.keys(contributes.configuration.properties);
    assert.deepEqual(declared.toSorted(), [...settingIds].toSorted());
  });

  it('has the view of the code in a container of its own', () => {
    assert.deepEqual(
      contributes.views[containerId]?.map(({ id }) => id),
      [processesViewId],
    );
    assert.deepEqual(
      contributes.viewsContainers['activitybar']?.map(({ id }) => id),
      [containerId],
    );
    for (const { view } of contributes.viewsWelcome) assert.equal(view, processesViewId);
  });

  it('shows in menus only commands that exist', () => {
    const known = new Set<string>(commandIds);
    for (const { command } of Object.values(contributes.menus).flat()) {
      assert.ok(known.has(command), command);
    }
  });

  it('links in welcome contents only commands of ours or of the workbench', () => {
    const known = new Set<string>(commandIds);
    for (const [, id = ''] of Object.values(words)
      .join(' ')
      .matchAll(/\(command:([\w.]+)/g)) {
      assert.ok(known.has(id) || /^(?:workbench|vscode)\./.test(id), id);
    }
  });

  it('puts every command under one category, with a condition for the palette', () => {
    const conditions = new Map(
      contributes.menus['commandPalette']?.map((entry) => [entry.command, entry.when]),
    );
    for (const { command, category } of contributes.commands) {
      assert.equal(category, 'Dev Env', command);
      // The log of the extension itself is what one looks at when nothing else works, and processes
      // may be left over whatever folder is open.
      if (['devEnv.showExtensionLog', 'devEnv.findLeftovers'].includes(command)) continue;
      assert.ok((conditions.get(command) ?? '') !== '', `${command} has no condition`);
    }
  });

  it('uses in conditions only context keys that the code sets', async () => {
    const code = await sources();
    const used = [...text.matchAll(/\bdevEnv\.(?:status|has[A-Z]\w+|can[A-Z]\w+)\b/g)];
    assert.ok(used.length > 0);
    for (const [key] of used) {
      assert.ok(code.includes(`'${key}'`), `${key} is never set`);
    }
  });

  it('tests in conditions only tokens that tree items carry', async () => {
    const code = await sources();
    const used = [...text.matchAll(/viewItem =~ \/\\\\\.(\w+)\\\\\.\//g)];
    assert.ok(used.length > 0);
    for (const [, token = ''] of used) {
      assert.ok(code.includes(`'${token}'`) || code.includes(`.${token}.`), token);
    }
  });

  it('gives every setting a default, a description and a scope', () => {
    for (const [id, setting] of Object.entries(contributes.configuration.properties)) {
      assert.ok('default' in setting, `${id} has no default`);
      assert.ok('markdownDescription' in setting, `${id} has no description`);
      assert.ok('scope' in setting, `${id} has no scope`);
    }
  });

  it('does not let a workspace decide that its own commands run', () => {
    assert.equal(contributes.configuration.properties['devEnv.autoStart']?.['scope'], 'machine');
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, [
      'devEnv.configFile',
      'devEnv.autoStart',
    ]);
  });

  it('takes all its words from package.nls.json, and all of those are used', () => {
    const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual([...new Set(used)].toSorted(), Object.keys(words).toSorted());
  });
});
