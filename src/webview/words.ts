import type { ActionName, AllActionName } from './messages.ts';

/** Everything the page says by itself, in the language of the editor. `{0}` is filled in. */
export interface DashboardWords {
  readonly title: string;
  readonly allFolders: string;
  readonly folder: string;
  readonly processes: string;
  readonly dependencies: string;
  readonly startUp: string;
  readonly events: string;
  readonly process: string;
  readonly state: string;
  readonly cpu: string;
  readonly memory: string;
  readonly port: string;
  readonly actions: string;
  readonly needs: string;
  readonly condition: string;
  readonly met: string;
  readonly notMet: string;
  readonly time: string;
  readonly asTable: string;
  readonly upOf: string;
  readonly failedCount: string;
  readonly noProcesses: string;
  readonly noDependencies: string;
  readonly noEvents: string;
  readonly noTimeline: string;
  readonly noMeasurements: string;
  readonly graphTooLarge: string;
  readonly close: string;
  readonly waited: string;
  readonly took: string;
  readonly decidedBy: string;
  readonly soFar: string;
  readonly omitted: string;
  readonly waitingSegment: string;
  readonly startingSegment: string;
  readonly criticalSegment: string;
  readonly actionOf: string;
  readonly action: Readonly<Record<ActionName, string>>;
  readonly allAction: Readonly<Record<AllActionName, string>>;
}

/** `fill('{0} of {1}', 3, 4)` is `3 of 4`. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (whole, index: string) =>
    String(values[Number(index)] ?? whole),
  );
}
