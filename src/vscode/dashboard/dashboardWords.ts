import * as vscode from 'vscode';
import type { DashboardWords } from '../../webview/words.ts';

/** The words of the page, in the language of the editor. */
export function dashboardWords(): DashboardWords {
  const { t } = vscode.l10n;
  return {
    title: t('Dev Env Dashboard'),
    allFolders: t('All folders'),
    folder: t('Folder'),
    processes: t('Processes'),
    dependencies: t('Dependencies'),
    startUp: t('Start-up'),
    events: t('Recent events'),
    process: t('Process'),
    state: t('State'),
    cpu: t('CPU'),
    memory: t('Memory'),
    port: t('Port'),
    actions: t('Actions'),
    needs: t('Needs'),
    condition: t('Condition'),
    met: t('met'),
    notMet: t('not met'),
    time: t('Time'),
    asTable: t('As a table'),
    upOf: t('{0} of {1} up'),
    failedCount: t('{0} failed'),
    noProcesses: t('There are no processes.'),
    noDependencies: t('No process depends on another one.'),
    noEvents: t('Nothing has happened since this window was opened.'),
    noTimeline: t('Nothing has been started yet.'),
    noMeasurements: t('There are no measurements yet.'),
    graphTooLarge: t(
      '{0} processes are too many for one picture. Choose one to see what it needs.',
    ),
    close: t('Close'),
    waited: t('Waited'),
    took: t('Took'),
    decidedBy: t('Took {0}, decided by {1}'),
    soFar: t('{0} so far; something is still waiting or starting'),
    omitted: t('{0} more are not shown, which took less long.'),
    waitingSegment: t('waiting for dependencies'),
    startingSegment: t('starting'),
    criticalSegment: t('on the critical chain'),
    actionOf: t('{0}: {1}'),
    action: {
      start: t('Start'),
      stop: t('Stop'),
      restart: t('Restart'),
      log: t('Show Log'),
      explain: t('Explain'),
      open: t('Open in Browser'),
      define: t('Go to Definition'),
    },
    allAction: {
      startAll: t('Start All'),
      stopAll: t('Stop All'),
      restartAll: t('Restart All'),
    },
  };
}
