import * as l10n from '@vscode/l10n';
import type { Expectation } from './schemaParts.ts';

/** What was expected, to follow "must be". `choices` are the words allowed, for `choice`. */
export function expectationWords(expectation: Expectation, choices: readonly string[]): string {
  switch (expectation) {
    case 'argument':
      return l10n.t('a list of strings, the program first');
    case 'boolean':
      return l10n.t('true or false');
    case 'breaker':
      return l10n.t('a map with "failures", "window" and "cool_down", or false');
    case 'choice':
      return l10n.t('one of {0}', choices.join(', '));
    case 'command':
      return l10n.t('a command: a string for the shell, or a list of program and arguments');
    case 'condition':
      return l10n.t('a condition: started, ready or completed');
    case 'count':
      return l10n.t('a whole number from 1 to 1000');
    case 'dependencies':
      return l10n.t('a list of names of processes, or a map from name to condition');
    case 'duration':
      return l10n.t('a duration with a unit, such as 500ms, 10s, 5m or 1h');
    case 'env':
      return l10n.t('a map from variable to value');
    case 'envFile':
      return l10n.t('a path, a list of paths, or a map with "path" and "required"');
    case 'envName':
      return l10n.t('a name of a variable, without "=" and white space');
    case 'envValue':
      return l10n.t('a string, a number or a boolean; write "" for an empty value');
    case 'exitCode':
      return l10n.t('an exit code from 0 to 255');
    case 'exitCodes':
      return l10n.t('a list of exit codes, such as [0, 2]');
    case 'factor':
      return l10n.t('a number from 1 to 100');
    case 'file':
      return l10n.t('a map with "processes"');
    case 'find':
      return l10n.t('a map with "port", "pid_file" or "command"');
    case 'grpc':
      return l10n.t('a port, "host:port", "unix:/path", or a map with "target" and "service"');
    case 'headerValue':
      return l10n.t('a string; put numbers in quotes');
    case 'headers':
      return l10n.t('a map from header to string');
    case 'jitter':
      return l10n.t('a number from 0 to 1');
    case 'map':
      return l10n.t('a map');
    case 'method':
      return l10n.t('an HTTP method in capitals, such as GET or HEAD');
    case 'name':
      return l10n.t(
        'a name: letters, digits, ".", "_" and "-", first a letter or digit, at most 64 characters',
      );
    case 'port':
      return l10n.t('a whole number from 1 to 65535, or auto');
    case 'process':
      return l10n.t('a map with "command" and other fields of a process');
    case 'processes':
      return l10n.t('a list of processes, or a map from name to process');
    case 'restart':
      return l10n.t('a policy (never, on-failure, always, unless-stopped) or a map');
    case 'retries':
      return l10n.t('a whole number from 0, or unlimited');
    case 'status':
      return l10n.t('an HTTP status from 100 to 599, or a list of them');
    case 'tcp':
      return l10n.t('a port from 1 to 65535, or "host:port"');
    case 'text':
      return l10n.t('text that is not empty');
    case 'true':
      return l10n.t('true, or left out');
  }
}
