import { excluder } from '../config/envExclude.ts';
import type { ProcessModel } from '../config/model.ts';
import { heartbeatVariable } from '../health/heartbeatSocket.ts';
import { childEnvironment } from '../process/childEnvironment.ts';
import { secretVariablePrefix } from './environmentSecrets.ts';
import { hiddenVariable } from './givenSecrets.ts';

export interface EnvironmentParts {
  /** What is inherited. */
  readonly hostEnv: NodeJS.ProcessEnv;
  readonly definition: Pick<ProcessModel, 'fileEnv' | 'env' | 'envExclude' | 'port'>;
  /** What the programs of `env_command` gave. */
  readonly fromCommands: Readonly<Record<string, string>>;
  /** The variables that hold secrets, filled in. */
  readonly secrets: Readonly<Record<string, string>>;
  /** By which a child is found, and what it needs to talk to us. Above everything else. */
  readonly marks: Readonly<Record<string, string>>;
}

/** A run that is started from within another one is not heard there; secrets go to who needs them. */
const neverInherited = [heartbeatVariable, hiddenVariable, `${secretVariablePrefix}*`];

/**
 * The whole environment of a child. From below: what is inherited, without the editor's own
 * variables, those that `env_exclude` names, and our own; PORT; `env_file`; `env_command`; `env`; secrets.
 */
export function programEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { hostEnv, definition, fromCommands, secrets, marks } = parts;
  const { fileEnv, env, envExclude, port } = definition;
  const inherited = withoutExcluded(hostEnv, [...envExclude, ...neverInherited]);
  return childEnvironment(inherited, {
    ...(port === undefined ? {} : { PORT: String(port) }),
    ...fileEnv,
    ...fromCommands,
    ...env,
    ...secrets,
    ...marks,
  });
}

/** Takes away the variables that a pattern names; `*` stands for any characters. */
export function withoutExcluded(
  env: NodeJS.ProcessEnv,
  patterns: readonly string[],
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  if (patterns.length === 0) return env;
  const isExcluded = excluder(patterns, platform);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isExcluded(name)));
}
