import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { Environments } from '../environments.ts';
import type { Overview } from '../overview.ts';
import { CodeLenses } from './codeLenses.ts';
import { Completions } from './completions.ts';
import { ConfigDocuments, configSelector } from './configDocuments.ts';
import { Definitions } from './definitions.ts';
import { Diagnostics } from './diagnostics.ts';
import { Hovers } from './hovers.ts';
import { QuickFixes } from './quickFixes.ts';

/** Everything that helps with writing the file. */
export function registerYaml(
  environments: Environments,
  overview: Overview,
): { documents: ConfigDocuments; registration: Disposable } {
  const registration = new DisposableStore();
  const documents = registration.add(new ConfigDocuments(environments));
  registration.add(new Diagnostics(environments, documents));
  const definitions = new Definitions(documents);
  const lenses = registration.add(new CodeLenses(environments, documents, overview));
  const { languages } = vscode;
  registration.add(languages.registerDefinitionProvider(configSelector, definitions));
  registration.add(languages.registerReferenceProvider(configSelector, definitions));
  registration.add(languages.registerCodeLensProvider(configSelector, lenses));
  registration.add(
    languages.registerHoverProvider(configSelector, new Hovers(environments, documents)),
  );
  registration.add(
    languages.registerCompletionItemProvider(configSelector, new Completions(documents), ' ', '['),
  );
  registration.add(
    languages.registerCodeActionsProvider(
      configSelector,
      new QuickFixes(documents),
      QuickFixes.metadata,
    ),
  );
  return { documents, registration };
}
