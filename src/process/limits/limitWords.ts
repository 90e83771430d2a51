import * as l10n from '@vscode/l10n';
import type { LimitMeans, LimitName } from './limits.ts';

/** A limit in words, as it is written in the file: sizes by 1000, as `512MB` there. */
export function limitText(limit: LimitName, value: number): string {
  switch (limit) {
    case 'memory':
      return l10n.t('memory {0}', sizeText(value));
    case 'cpu':
      return l10n.t('CPU {0} %', Math.round(value));
    case 'open_files':
      return l10n.t('{0} open files', value);
    case 'processes':
      return l10n.t('{0} processes', value);
    case 'io_weight':
      return l10n.t('I/O weight {0}', value);
  }
}

/** What makes it hold, for people. */
export function meansText(means: LimitMeans | undefined): string {
  switch (means) {
    case 'rlimit':
      return l10n.t('held by the kernel (rlimit)');
    case 'cgroup-v2':
      return l10n.t('held by the kernel (cgroup v2)');
    case 'cgroup-v1':
      return l10n.t('held by the kernel (cgroup v1)');
    case 'systemd':
      return l10n.t('held by systemd');
    case 'sampling':
      return l10n.t('looked at every few seconds');
    case undefined:
      return l10n.t('not held: this machine has no means');
  }
}

function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${Math.round(bytes / 1e8) / 10} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} KB`;
}
