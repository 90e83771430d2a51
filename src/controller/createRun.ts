import { ExternalRun } from './externalRun.ts';
import { Run } from './run.ts';
import type { CreateRun } from './runProgram.ts';

/** A program of ours is started, one of somebody else is looked for. */
export const createRun: CreateRun = (definition, ...more) =>
  definition.kind === 'external'
    ? new ExternalRun(definition, ...more)
    : new Run(definition, ...more);
