import { readActivation } from './editorActivation.ts';
import { bareChainMs, chainFiles, chainLength } from './editorChain.ts';
import { inPage } from './editorPage.ts';
import type { OpeningResult } from './editorResults.ts';
import { openWindow, type Stage } from './editorStage.ts';

/** Cold windows by turns: of this extension, which starts its environment, and of the bare one. */
export async function measureOpening(stage: Stage, rounds: number): Promise<OpeningResult> {
  const found = { devEnv: [] as Opened[], bare: [] as Opened[] };
  const bareChain: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    found.devEnv.push(await openCold(stage, 'dev-env.dev-env'));
    found.bare.push(await openCold(stage, 'dev-env-bench.bench-bare'));
    bareChain.push(await bareChainMs());
  }
  const both = (of: (one: Opened) => number): OpeningResult['statusShown'] => ({
    devEnv: found.devEnv.map(of),
    bare: found.bare.map(of),
  });
  return {
    processes: chainLength,
    activation: {
      load: both(({ load }) => load),
      call: both(({ call }) => call),
      asShown: both(({ asShown }) => asShown),
    },
    statusShown: both(({ statusShown }) => statusShown),
    allReady: found.devEnv.map(({ allReady }) => allReady),
    bareChain,
  };
}

interface Opened {
  readonly statusShown: number;
  readonly allReady: number;
  readonly load: number;
  readonly call: number;
  readonly asShown: number;
}

async function openCold(stage: Stage, id: string): Promise<Opened> {
  const isBare = id !== 'dev-env.dev-env';
  const all = isBare ? 'bare is there' : `^${chainLength}\\/${chainLength}$`;
  await using window = await openWindow(stage, {
    ...(await chainFiles()),
    settings: { 'devEnv.autoStart': 'always' },
    ...(isBare ? { vsix: await stage.bareVsix() } : {}),
    watchFor: [
      inPage.status(isBare ? 'bare is there' : `^\\d\\/${chainLength}$`),
      inPage.status(all),
    ],
  });
  const { watch, workbench } = window;
  const startMs = await watch.navigatedMs();
  const statusShown = (await watch.when('first0')) - startMs;
  const allReady = (await watch.when('first1')) - startMs;
  const activation = await readActivation(workbench, id);
  stage.say(
    `  ${id}: status bar after ${statusShown.toFixed(0)} ms, ` +
      (isBare ? '' : `all ready after ${allReady.toFixed(0)} ms, `) +
      `code loaded in ${activation.load.toFixed(0)} ms, activate took ${activation.call.toFixed(0)} ms`,
  );
  return { statusShown, allReady, ...activation };
}
