import * as l10n from '@vscode/l10n';
import type { HttpProbe } from '../config/model.ts';
import { type Attempt, withinTime } from './attempt.ts';
import { requestOnce, type HttpAnswer } from './httpRequest.ts';
import {
  type AddressResult,
  addressesOf,
  connectionProblem,
  place,
  tryAddresses,
} from './loopback.ts';
import { foreignServer } from './ownership.ts';
import type { Probe, ProbeContext } from './probe.ts';

/**
 * Well when a request is answered with a status that counts (200 to 399 unless told otherwise), and
 * headers and body match. Redirects are an answer, and are not followed.
 */
export function createHttpProbe(
  model: HttpProbe,
  { ownsPort }: Pick<ProbeContext, 'ownsPort'>,
): Probe {
  const { socketPath, timeoutMs } = model;
  const url = new URL(model.url);
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  const judge = createJudge(model);
  return {
    check: (outer) =>
      withinTime(outer, timeoutMs, async (attempt) => {
        if (socketPath === undefined) {
          return tryAddresses(addressesOf(url.hostname), port, attempt.signal, (address, signal) =>
            askAddress(address, signal, attempt),
          );
        }
        // A path is in nobody else's hands: there is no owner to ask for.
        const { ok, seen } = await ask('', socketPath, attempt.signal, attempt);
        return { ok, seen };
      }),
  };

  async function askAddress(
    address: string,
    signal: AbortSignal,
    attempt: Attempt,
  ): Promise<AddressResult> {
    const result = await ask(address, place(address, port), signal, attempt);
    if (!result.ok) return result;
    return (await foreignServer(ownsPort, url.hostname, address, port)) ?? result;
  }

  async function ask(
    address: string,
    at: string,
    signal: AbortSignal,
    attempt: Attempt,
  ): Promise<AddressResult> {
    const answer = await requestOnce({
      url,
      address,
      port,
      socketPath,
      method: model.method,
      headers: model.headers,
      wantsBody: model.matchBody !== undefined,
      signal,
    });
    if (answer === 'aborted') {
      const seen = l10n.t('no answer from {0} after {1} ms', at, attempt.elapsedMs());
      return { ok: false, seen };
    }
    if (answer instanceof Error) return connectionProblem(answer, at);
    const status = l10n.t('HTTP {0} after {1} ms', answer.status, attempt.elapsedMs());
    const problem = judge(answer);
    if (problem === undefined) return { ok: true, seen: status };
    return { ok: false, seen: problem === '' ? status : `${status}, ${problem}` };
  }
}

/** What is wrong with an answer: undefined for nothing, '' when its status says it all. */
function createJudge(model: HttpProbe): (answer: HttpAnswer) => string | undefined {
  const headers = Object.entries(model.matchHeaders).map(
    ([name, pattern]) => [name, new RegExp(pattern)] as const,
  );
  const body = model.matchBody === undefined ? undefined : new RegExp(model.matchBody);
  return (answer) => {
    const isStatusFine =
      model.status?.includes(answer.status) ?? (answer.status >= 200 && answer.status < 400);
    if (!isStatusFine) return '';
    for (const [name, pattern] of headers) {
      const value = answer.headers[name.toLowerCase()];
      if (value === undefined) return l10n.t('without the header {0}', name);
      if (!pattern.test(String(value))) {
        return l10n.t('header {0} does not match {1}', name, String(pattern));
      }
    }
    if (body?.test(answer.body) === false) {
      return l10n.t('body does not match {0}', String(body));
    }
    return undefined;
  };
}
