import { until } from '../test/support/until.ts';

/** Node's own: VS Code hands no other one on to its extension hosts. */
const port = 9229;

interface Answer {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly result?: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
  };
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Evaluates in a Node program that is asked to open its inspector while it runs. */
export class Inspector implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) =>
      this.#take(JSON.parse(String(data)) as Answer),
    );
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The program has gone.'));
      this.#waiting.clear();
    });
  }

  /** Waits for the port if another program is being inspected there. */
  static async open(pid: number): Promise<Inspector> {
    const isFree = async (): Promise<boolean> => (await debuggerUrl()) === undefined;
    await until('a free port for the inspector', isFree, 120_000, { everyMs: 200 });
    process.kill(pid, 'SIGUSR1');
    const url = await until('the inspector', debuggerUrl, 60_000, { everyMs: 50 });
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`No answer from ${url}.`)));
    });
    const inspector = new Inspector(socket);
    const found = await inspector.evaluate<number>('process.pid');
    if (found === pid) return inspector;
    inspector[Symbol.dispose]();
    throw new Error(`The inspector is that of ${found} and not of ${pid}.`);
  }

  /** The value of an expression, or of the promise that it gives; plain data only. */
  async evaluate<T>(expression: string): Promise<T> {
    const id = (this.#lastId += 1);
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const params = { expression, awaitPromise: true, returnByValue: true };
      this.#socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
    });
    const problem =
      answer.error?.message ?? answer.result?.exceptionDetails?.exception?.description;
    if (problem !== undefined) throw new Error(problem);
    return answer.result?.result?.value as T;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #take(answer: Answer): void {
    if (answer.id === undefined) return;
    this.#waiting.get(answer.id)?.resolve(answer);
    this.#waiting.delete(answer.id);
  }
}

async function debuggerUrl(): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/json`);
    const targets = (await response.json()) as { webSocketDebuggerUrl?: string }[];
    return targets[0]?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}
