import { floodPart, idlePart } from './documentEditorLoad.ts';
import { markdownTable, figureRow } from './documentTable.ts';
import type { ClicksResult, EditorResults, OpeningResult, TreeResult } from './editorResults.ts';

/** The part of docs/benchmarks.md on what the extension does to VS Code. */
export function editorSection(editor: EditorResults): string {
  const { version, opening, clicks, flood, tree, idle, faults } = editor;
  const parts = [
    '## In VS Code',
    `The packaged extension in a real VS Code ${version} (server and workbench, the page in a headless ` +
      'browser), and beside it, as the limit, a bare extension that does the least that can be done: ' +
      'a status bar item at activation, and rows that flip between two states. Times are those at ' +
      'which something came to be in the page, in ms: the median, with the smallest and the largest.',
    ...(opening === undefined ? [] : openingPart(opening)),
    ...(clicks === undefined ? [] : clicksPart(clicks)),
    ...(tree === undefined ? [] : treePart(tree)),
    ...(flood === undefined ? [] : floodPart(flood)),
    ...(idle === undefined || idle.length === 0 ? [] : idlePart(idle)),
  ];
  const failed = Object.entries(faults).map(
    ([name, why]) => `${name} (${why.split('\n')[0] ?? ''})`,
  );
  if (failed.length > 0) parts.push(`Not measured: ${failed.join('; ')}.`);
  return parts.join('\n\n');
}

function openingPart(result: OpeningResult): string[] {
  const { activation, statusShown, allReady, bareChain, processes } = result;
  return [
    '### Opening a folder',
    'Cold windows: each of a new server, with nothing opened before. Activation is what VS Code itself ' +
      'noted ("Developer: Startup Performance"): the marks around the loading of the code, the call ' +
      'of `activate`, and their sum as "Show Running Extensions" has it, which includes the wait ' +
      `while other extensions are loaded. The environment has ${processes} processes, each ready ` +
      '100 ms after it was started, four of them one after the other, and is started by itself in a ' +
      'trusted folder. Its limit is a window with the bare extension and then the same programs in ' +
      'a bare loop.',
    markdownTable(
      ['ms', 'rounds', 'Dev Env', 'limit'],
      [
        figureRow('activation: code loaded', activation.load.devEnv, activation.load.bare),
        figureRow('activation: `activate`', activation.call.devEnv, activation.call.bare),
        figureRow('activation as shown', activation.asShown.devEnv, activation.asShown.bare),
        figureRow('navigation to status bar item', statusShown.devEnv, statusShown.bare),
        figureRow(
          `navigation to all ${processes} ready`,
          allReady,
          statusShown.bare.map((ms, i) => ms + (bareChain[i] ?? Number.NaN)),
        ),
        figureRow(
          'of this from status bar item to all ready',
          allReady.map((ms, i) => ms - (statusShown.devEnv[i] ?? Number.NaN)),
          bareChain,
        ),
      ],
    ),
  ];
}

function clicksPart(result: ClicksResult): string[] {
  const { startFirst, startDone, stopFirst, stopDone, bare } = result;
  return [
    '### A click on a row',
    'From the press of the button to the row: until it says another state, and until it says what was ' +
      'asked for. The limit is a command of the bare extension that changes its row at once. Changes ' +
      'are drawn together, every 100 ms.',
    markdownTable(
      ['ms', 'rounds', 'Dev Env', 'limit'],
      [
        figureRow('start: first change', startFirst, bare),
        figureRow('start: running', startDone, bare),
        figureRow('stop: first change', stopFirst, bare),
        figureRow('stop: stopped', stopDone, bare),
      ],
    ),
  ];
}

function treePart(result: TreeResult): string[] {
  const { processes, firstOpening, reopening, reopeningWhileRunning } = result;
  const { one, oneKilled, allStart, allStop, bareAll } = result;
  return [
    `### A tree of ${processes} processes`,
    'Opening: from the press on the icon to the first row. One: from the press of its button, or from ' +
      'the kill of its program, to the changed row, while all run. All: from the press of the button ' +
      'of the view until every row on the screen has changed.',
    markdownTable(
      ['ms', 'rounds', 'Dev Env', 'limit'],
      [
        figureRow('open the view for the first time', firstOpening.devEnv, firstOpening.bare),
        figureRow('open it again', reopening.devEnv, reopening.bare),
        figureRow('open it again, all running', reopeningWhileRunning, reopening.bare),
        figureRow('one, by its button', one.devEnv, one.bare),
        figureRow('one, killed', oneKilled, one.bare),
        figureRow('all, Start All', allStart, bareAll),
        figureRow('all, Stop All', allStop, bareAll),
      ],
    ),
  ];
}
