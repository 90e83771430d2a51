/**
 * What the extension does to VS Code, measured in a real one; as JSON on stdout.
 *
 *     node scripts/package.ts && node bench/editor.ts [seconds] [processes …]
 */
import { type EditorIdle, measureEditorIdle } from './editorIdle.ts';
import { withStage } from './editorStage.ts';

export interface EditorResults {
  readonly idle: readonly EditorIdle[];
}

export async function measureEditor(
  seconds = 60,
  counts: readonly number[] = [50, 1000],
): Promise<EditorResults> {
  return withStage(async (stage) => {
    const idle: EditorIdle[] = [];
    for (const count of counts) idle.push(await measureEditorIdle(stage, count, seconds));
    return { idle };
  });
}

if (import.meta.main) {
  const [seconds = 60, ...counts] = process.argv.slice(2).map(Number);
  const results = await measureEditor(seconds, counts.length === 0 ? undefined : counts);
  process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
}
