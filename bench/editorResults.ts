/** In the order of their rounds. */
export type Rounds = readonly number[];

/** The same of this extension and of one that does the least that can be done (editorBare). */
export interface BesideBare {
  readonly devEnv: Rounds;
  readonly bare: Rounds;
}

/** Cold windows, each of a new server and with nothing opened before. In ms. */
export interface OpeningResult {
  readonly processes: number;
  readonly activation: {
    /** Of the code alone: the marks around it in the extension host. */
    readonly load: BesideBare;
    /** Of `activate`. */
    readonly call: BesideBare;
    /** As the editor sums it up: with its wait while other extensions were loaded. */
    readonly asShown: BesideBare;
  };
  /** From the navigation to the first word in the status bar. */
  readonly statusShown: BesideBare;
  /** From the navigation to the status bar that says that all are well. */
  readonly allReady: Rounds;
  /** The same programs in the same order, started by a bare loop outside of the editor. */
  readonly bareChain: Rounds;
}

/** From the press of a button on a row to what the row shows, in ms. */
export interface ClicksResult {
  readonly startFirst: Rounds;
  readonly startDone: Rounds;
  readonly stopFirst: Rounds;
  readonly stopDone: Rounds;
  /** A button whose command changes the row at once. */
  readonly bare: Rounds;
}

export interface FloodRound {
  readonly seconds: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** Peak of what is resident above what it was before. */
  readonly memoryGrowthMb: number;
  readonly isComplete: boolean;
}

export interface FloodResult {
  readonly megabytes: number;
  readonly rounds: readonly FloodRound[];
}

/** In a tree of many rows; in ms. */
export interface TreeResult {
  readonly processes: number;
  /** From the press on the view's icon to its first row, in a window that has not shown it yet. */
  readonly firstOpening: BesideBare;
  /** The same, once the window has shown it. */
  readonly reopening: BesideBare;
  readonly reopeningWhileRunning: Rounds;
  /** From the press of the row's button to the changed row. */
  readonly one: BesideBare;
  /** From the kill of its program to the changed row. */
  readonly oneKilled: Rounds;
  /** From the press of the view's button to all rows on the screen changed. */
  readonly allStart: Rounds;
  readonly allStop: Rounds;
  readonly bareAll: Rounds;
}

/** Of one core in %, by slice. The two windows are measured at the same time. */
export interface IdleCost {
  readonly base: Rounds;
  readonly measured: Rounds;
}

export interface IdleResult {
  readonly processes: number;
  readonly sliceSeconds: number;
  readonly visible: IdleCost;
  readonly hidden: IdleCost;
  /** What is resident at the end, in MB. */
  readonly memoryMb: number;
  readonly baseMemoryMb: number;
}

/** What the parts of bench/editor.ts found; those that failed or were not asked for are not there. */
export interface EditorParts {
  readonly opening?: OpeningResult;
  readonly clicks?: ClicksResult;
  readonly flood?: FloodResult;
  readonly tree?: TreeResult;
  readonly idle?: readonly IdleResult[];
}

export interface EditorResults extends EditorParts {
  /** Of VS Code. */
  readonly version: string;
  readonly seconds: number;
  /** Why a part is not there, by its name. */
  readonly faults: Readonly<Record<string, string>>;
}
