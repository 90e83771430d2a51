/**
 * What the extension does to VS Code, measured in a real one; as JSON on stdout, progress on stderr.
 * A part that fails says so in the results and costs the others nothing.
 *
 *     node scripts/package.ts && node bench/editor.ts [--only opening,clicks,flood,tree,idle] [--rounds 1]
 */
import { parseArgs } from 'node:util';
import { installServer } from '../scripts/host/installServer.ts';
import { errorMessage } from '../src/base/errors.ts';
import { measureClicks } from './editorClicks.ts';
import { measureFlood } from './editorFlood.ts';
import { measureIdle } from './editorIdle.ts';
import { measureOpening } from './editorOpening.ts';
import type { EditorParts, EditorResults } from './editorResults.ts';
import { type Stage, withStage } from './editorStage.ts';
import { measureTree } from './editorTree.ts';

const idleCounts = [50, 1000];

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string' } },
});

/** So many, or as many as were asked for. */
function rounds(planned: number): number {
  return options.rounds === undefined ? planned : Number(options.rounds);
}

type Part<Name extends keyof EditorParts> = (
  stage: Stage,
) => Promise<NonNullable<EditorParts[Name]>>;

const parts: { readonly [Name in keyof EditorParts]-?: Part<Name> } = {
  opening: (stage) => measureOpening(stage, rounds(5)),
  clicks: (stage) => measureClicks(stage, rounds(6)),
  flood: (stage) => measureFlood(stage, rounds(5)),
  tree: (stage) => measureTree(stage, rounds(3)),
  idle: (stage) => measureIdle(stage, idleCounts, rounds(5)),
};

async function measureEditor(only: readonly string[] | undefined): Promise<EditorResults> {
  const say = (line: string): void => console.error(line);
  const startMs = performance.now();
  const { vscodeVersion } = await installServer(say);
  const found: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  await withStage(async (stage) => {
    for (const [name, measure] of Object.entries(parts)) {
      if (only !== undefined && !only.includes(name)) continue;
      const partMs = performance.now();
      say(`In VS Code: ${name}`);
      try {
        found[name] = await measure(stage);
      } catch (error) {
        faults[name] = errorMessage(error);
        say(`  ${faults[name]}`);
      }
      say(`  ${((performance.now() - partMs) / 1000).toFixed(0)} s`);
    }
  }, say);
  const seconds = (performance.now() - startMs) / 1000;
  return { version: vscodeVersion, seconds, ...found, faults };
}

const only = options.only?.split(',');
const unknown = only?.filter((name) => !(name in parts)) ?? [];
if (unknown.length > 0) {
  console.error(`There is no "${unknown.join('", "')}": ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
// What was started is ended when this program exits, and it exits in order then only.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}
const results = await measureEditor(only);
process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
