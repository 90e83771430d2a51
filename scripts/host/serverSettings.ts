import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps the workbench from greeting, asking and calling home. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'window.menuBarVisibility': 'compact',
  // The theme follows what the browser prefers, so that a screenshot can have either.
  'window.autoDetectColorScheme': true,
};

/**
 * Writes the settings of the server in `folder`, on top of the quiet ones. Machine settings are what a server reads; the page takes a person's own from
 * `User`.
 */
export async function writeSettings(
  folder: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const text = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
  for (const place of ['Machine', 'User']) {
    await mkdir(join(folder, 'user', place), { recursive: true });
    await writeFile(join(folder, 'user', place, 'settings.json'), text);
  }
}
