/** Variables a program gets so that its output in a file is what it would be in a terminal. */
const forColour = 'FORCE_COLOR';
const againstColour = 'NO_COLOR';

/**
 * Programs that see a file in place of a terminal leave out colours and hold lines back. These
 * variables tell the most common ones not to; whatever `env`, which is everything else the program
 * gets, says of them wins.
 */
export function outputVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  const hasSaid = (name: string): boolean => env[name] !== undefined;
  return {
    ...(hasSaid(forColour) || hasSaid(againstColour) ? {} : { [forColour]: '1' }),
    ...(hasSaid('PYTHONUNBUFFERED') ? {} : { PYTHONUNBUFFERED: '1' }),
  };
}
