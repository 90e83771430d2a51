import { type Disposable, DisposableStore, toDisposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { EnvironmentController } from '../controller/snapshot.ts';
import type { Environments } from './environments.ts';
import type { FolderEnvironment } from './folderEnvironment.ts';

interface Followed {
  readonly environment: FolderEnvironment;
  readonly links: DisposableStore;
  watched: Disposable | undefined;
}

/**
 * The measurements of all environments: now and then while nobody looks, so that there is a past to
 * show, and often while somebody does.
 */
export class UsageWatch implements Disposable {
  readonly #environments: Environments;
  readonly #followed = new Map<EnvironmentController, Followed>();
  readonly #status: Disposable;
  #watchers = 0;
  readonly #onDidMeasure = new Emitter<FolderEnvironment>();
  /** The processes of an environment were measured. */
  readonly onDidMeasure = this.#onDidMeasure.event;

  constructor(environments: Environments) {
    this.#environments = environments;
    this.#status = environments.onDidChangeStatus(() => this.#follow());
    this.#follow();
  }

  /** Somebody looks, until disposed. */
  watch(): Disposable {
    this.#watchers += 1;
    this.#demand();
    return toDisposable(() => {
      this.#watchers -= 1;
      this.#demand();
    });
  }

  dispose(): void {
    this.#status.dispose();
    for (const { links } of this.#followed.values()) links.dispose();
    this.#followed.clear();
    this.#onDidMeasure.dispose();
  }

  /** A folder gets another controller when it comes to own its environment, or ceases to. */
  #follow(): void {
    const live = new Set<EnvironmentController>();
    for (const environment of this.#environments.live()) {
      const { controller } = environment;
      if (controller === undefined) continue;
      live.add(controller);
      if (!this.#followed.has(controller)) this.#add(controller, environment);
    }
    for (const [controller, { links, watched }] of this.#followed) {
      if (live.has(controller)) continue;
      watched?.dispose();
      links.dispose();
      this.#followed.delete(controller);
    }
    this.#demand();
  }

  #add(controller: EnvironmentController, environment: FolderEnvironment): void {
    const links = new DisposableStore();
    links.add(controller.usage.demand('background'));
    links.add(controller.usage.onDidMeasure(() => this.#onDidMeasure.fire(environment)));
    this.#followed.set(controller, { environment, links, watched: undefined });
  }

  #demand(): void {
    for (const [controller, followed] of this.#followed) {
      if (this.#watchers > 0) followed.watched ??= controller.usage.demand('watched');
      else {
        followed.watched?.dispose();
        followed.watched = undefined;
      }
    }
  }
}
