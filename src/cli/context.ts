import { findPlace, type Place } from './place.ts';
import type { Output } from './output.ts';
import { coloured, plain, type Style, wantsColour } from './style.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly file?: string;
  readonly folder?: string;
  readonly profile?: readonly string[];
  readonly color: boolean;
}

/** What every command needs: where it is, and how it speaks. */
export interface Context {
  readonly place: Place;
  readonly profiles: readonly string[];
  readonly output: Output;
  /** For standard output and for standard error, which may not both be terminals. */
  readonly style: Style;
  readonly errorStyle: Style;
  readonly hasColour: boolean;
}

/** @throws CliError when there is no file */
export function createContext(options: GlobalOptions, output: Output): Context {
  const hasColour = wantsColour(options.color, process.env, output.isTerminal);
  const isErrorTerminal = process.stderr.isTTY;
  return {
    place: findPlace({ file: options.file, folder: options.folder }, process.cwd()),
    profiles: options.profile ?? [],
    output,
    style: hasColour ? coloured : plain,
    errorStyle: wantsColour(options.color, process.env, isErrorTerminal) ? coloured : plain,
    hasColour,
  };
}

/** Words for the person that are not what the command was asked for. */
export function note(text: string): void {
  // A standard error that is closed is no reason to fail.
  try {
    process.stderr.write(`${text}\n`);
  } catch {
    // Nobody reads.
  }
}
