/**
 * Every id that package.json and the code have in common, in one place. A test compares both ways.
 */

export const commandIds = [
  'devEnv.startAll',
  'devEnv.stopAll',
  'devEnv.restartAll',
  'devEnv.applyChanges',
  'devEnv.startProcess',
  'devEnv.startProcessWithoutDependencies',
  'devEnv.stopProcess',
  'devEnv.stopProcessWithoutDependents',
  'devEnv.restartProcess',
  'devEnv.startGroup',
  'devEnv.stopGroup',
  'devEnv.restartGroup',
  'devEnv.selectProfiles',
  'devEnv.explain',
  'devEnv.showTimeline',
  'devEnv.showLog',
  'devEnv.clearLog',
  'devEnv.openTerminal',
  'devEnv.openLogFile',
  'devEnv.showMergedLog',
  'devEnv.filterMergedLog',
  'devEnv.deleteOldLogs',
  'devEnv.openUrl',
  'devEnv.copyUrl',
  'devEnv.copyPid',
  'devEnv.copyCommand',
  'devEnv.goToDefinition',
  'devEnv.openConfigFile',
  'devEnv.createConfigFile',
  'devEnv.showProcesses',
  'devEnv.openDashboard',
  'devEnv.reviewAutoStart',
  'devEnv.resetAutoStart',
  'devEnv.setSecret',
  'devEnv.removeSecret',
  'devEnv.takeOver',
  'devEnv.resolvePortConflict',
  'devEnv.findLeftovers',
  'devEnv.showExtensionLog',
] as const;

export type CommandId = (typeof commandIds)[number];

export const containerId = 'devEnv';
export const processesViewId = 'devEnv.processes';
/** Also the activation event of a window that comes back with it. */
export const dashboardViewType = 'devEnv.dashboard';
export const statusBarId = 'devEnv.status';
export const diagnosticSource = 'Dev Env';

/** The section of the settings, and the settings below it. */
export const settingsSection = 'devEnv';
export const settingIds = [
  'devEnv.configFile',
  'devEnv.autoStart',
  'devEnv.onWindowClose',
  'devEnv.output.timestamps',
  'devEnv.notifyOnFailure',
] as const;

export type SettingId = (typeof settingIds)[number];

/** Context keys for `when` clauses, with what they hold. All are false until known. */
export interface ContextValues {
  /** What the view has to say: `loading`, `noFolder`, `noFile`, `untrusted`, `invalid` or `ready`. */
  'devEnv.status': string;
  /** Is there an environment whose processes can be shown? */
  'devEnv.hasEnvironment': boolean;
  /** Is a configuration file there, good or not? */
  'devEnv.hasConfigFile': boolean;
  'devEnv.canStart': boolean;
  'devEnv.canStop': boolean;
  'devEnv.hasLogs': boolean;
  'devEnv.hasUrls': boolean;
  'devEnv.hasPendingChanges': boolean;
  'devEnv.hasGroups': boolean;
  'devEnv.hasProfiles': boolean;
  'devEnv.hasFailed': boolean;
  /** Does another window run one of the environments? */
  'devEnv.isOwnedElsewhere': boolean;
}

export type ContextKey = keyof ContextValues;
