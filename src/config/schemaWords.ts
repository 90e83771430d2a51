import * as l10n from '@vscode/l10n';
import type { Expectation } from './schemaParts.ts';

/** What was expected, to follow "must be". `choices` are the words allowed, for `choice`. */
export function expectationWords(expectation: Expectation, choices: readonly string[]): string {
  switch (expectation) {
    case 'args':
      return l10n.t('a list of arguments');
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
    case 'envCommand':
      return l10n.t(
        'a command for the shell, a map with "command" and "timeout", or a list of those',
      );
    case 'envFile':
      return l10n.t('a path, a list of paths, or a map with "path" and "required"');
    case 'envName':
      return l10n.t('a name of a variable, without "=" and white space');
    case 'envPattern':
      return l10n.t('a name of a variable, in which "*" stands for anything');
    case 'envPatterns':
      return l10n.t('a list of names of variables, such as ["AWS_*"]');
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
    case 'globs':
      return l10n.t('a list of globs, such as ["src/**/*.ts"]');
    case 'grpc':
      return l10n.t('a port, "host:port", "unix:/path", or a map with "target" and "service"');
    case 'headerValue':
      return l10n.t('a string; put numbers in quotes');
    case 'headers':
      return l10n.t('a map from header to string');
    case 'jitter':
      return l10n.t('a number from 0 to 1');
    case 'limit':
      return l10n.t('a whole number from 1');
    case 'map':
      return l10n.t('a map');
    case 'matcher':
      return l10n.t('the name of a problem matcher, such as $tsc-watch, or a list of them');
    case 'method':
      return l10n.t('an HTTP method in capitals, such as GET or HEAD');
    case 'name':
      return l10n.t(
        'a name: letters, digits, ".", "_" and "-", first a letter or digit, at most 64 characters',
      );
    case 'names':
      return l10n.t('a list of names');
    case 'node':
      return l10n.t('a script, or a map with "script" and "args"');
    case 'percent':
      return l10n.t('percent of one core, such as 150%');
    case 'port':
      return l10n.t('a whole number from 1 to 65535, or auto');
    case 'process':
      return l10n.t('a map with "command" and other fields of a process');
    case 'processes':
      return l10n.t('a list of processes, or a map from name to process');
    case 'python':
      return l10n.t('a script, or a map with "script", "module" or "function", "args" and "venv"');
    case 'restart':
      return l10n.t('a policy (never, on-failure, always, unless-stopped) or a map');
    case 'retries':
      return l10n.t('a whole number from 0, or unlimited');
    case 'runner':
      return l10n.t('a map with "node", "python", or the name of another runner');
    case 'schedule':
      return l10n.t('a cron expression such as "*/5 * * * *", or a map with "cron"');
    case 'size':
      return l10n.t('a size with a unit, such as 512MB or 1.5GiB');
    case 'status':
      return l10n.t('an HTTP status from 100 to 599, or a list of them');
    case 'tcp':
      return l10n.t('a port from 1 to 65535, or "host:port"');
    case 'text':
      return l10n.t('text that is not empty');
    case 'true':
      return l10n.t('true, or left out');
    case 'watch':
      return l10n.t('a list of globs, or a map with "paths"');
    case 'weight':
      return l10n.t('a whole number from 1 to 10000');
  }
}
