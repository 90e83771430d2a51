/** A string runs in the platform's shell, a list runs as it is. */
export type Command = string | readonly [string, ...string[]];
