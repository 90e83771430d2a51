import type { ActionName, AllActionName, ShownState } from '../messages.ts';
import { makeSvg } from './dom.ts';

// In a box of 16 by 16, drawn by strokes. Every state has its own shape: colour is never needed.
const states: Readonly<Record<ShownState, string>> = {
  stopped: 'M8 2.5a5.5 5.5 0 1 0 .01 0',
  waiting: 'M8 2.5a5.5 5.5 0 1 0 .01 0M8 5v3.2l2.2 1.5',
  starting: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  running: 'M8 2.5a5.5 5.5 0 1 0 .01 0M5.4 8.2l1.8 1.8 3.4-3.8',
  stopping: 'M8 2.5a5.5 5.5 0 1 0 .01 0M6 6h4v4H6z',
  backoff: 'M3 4.5v3h3M3.3 7.2A5 5 0 1 1 3 9.3',
  completed: 'M3 8.4l3.3 3.3L13 4.6',
  failed: 'M8 2.5a5.5 5.5 0 1 0 .01 0M6 6l4 4M10 6l-4 4',
};

const actions: Readonly<Record<ActionName | AllActionName | 'close', string>> = {
  start: 'M5 3.5v9l7.5-4.5z',
  stop: 'M4.5 4.5h7v7h-7z',
  restart: 'M12.5 4v3h-3M12.3 6.8A4.8 4.8 0 1 0 12.8 9',
  log: 'M3 4h10M3 7h10M3 10h7M3 13h5',
  explain: 'M8 2.5a5.5 5.5 0 1 0 .01 0M6.4 6.4a1.7 1.7 0 1 1 2.5 1.5c-.6.3-.9.7-.9 1.3M8 11v.4',
  open: 'M9 3h4v4M13 3L7.5 8.5M11 9.5V13H3V5h3.5',
  define: 'M9 2.5H4v11h8v-8zM9 2.5v3h3M6 8.5h4M6 11h4',
  startAll: 'M3 3.5v9L9 8zM8.5 3.5v1.8M8.5 10.7v1.8L14 8 8.5 3.5',
  stopAll: 'M4.5 4.5h7v7h-7z',
  restartAll: 'M12.5 4v3h-3M12.3 6.8A4.8 4.8 0 1 0 12.8 9',
  close: 'M4 4l8 8M12 4l-8 8',
};

export function stateIcon(state: ShownState): SVGSVGElement {
  const icon = draw(states[state]);
  icon.setAttribute('class', `icon state-${state}`);
  return icon;
}

/** Of the same icon, in place. */
export function setStateIcon(icon: SVGSVGElement, state: ShownState): void {
  const className = `icon state-${state}`;
  if (icon.getAttribute('class') === className) return;
  icon.setAttribute('class', className);
  icon.firstElementChild?.setAttribute('d', states[state]);
}

/** For drawing into another picture. */
export function statePath(state: ShownState): string {
  return states[state];
}

export function actionIcon(action: keyof typeof actions): SVGSVGElement {
  return draw(actions[action]);
}

function draw(path: string): SVGSVGElement {
  return makeSvg(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' },
    makeSvg('path', { d: path }),
  );
}
