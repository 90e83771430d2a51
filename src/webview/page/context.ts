import type { DashboardModel } from '../dashboardModel.ts';
import type { PageMessage } from '../messages.ts';
import type { DashboardWords } from '../words.ts';

/** What every part of the page works with. */
export interface PageContext {
  readonly model: DashboardModel;
  readonly words: DashboardWords;
  readonly post: (message: PageMessage) => void;
  /** Looks closely at a process, or at none. */
  readonly select: (id: string | undefined) => void;
  /** The same, and takes the person there. */
  readonly explain: (id: string) => void;
}
