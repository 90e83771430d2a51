import * as l10n from '@vscode/l10n';
import type { HttpProbe } from '../config/model.ts';
import { withinTime } from './attempt.ts';
import { requestOnce, type HttpAnswer } from './httpRequest.ts';
import { addressesOf, connectionProblem, place, tryAddresses } from './loopback.ts';
import { foreignServer } from './ownership.ts';
import type { Probe, ProbeContext } from './probe.ts';

/**
 * Well when a GET is answered with a status that counts (200 to 399 unless told otherwise), and
 * headers and body match. Redirects are an answer, and are not followed.
 */
export function createHttpProbe(
  model: HttpProbe,
  { ownsPort }: Pick<ProbeContext, 'ownsPort'>,
): Probe {
  const url = new URL(model.url);
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  const judge = createJudge(model);
  return {
    check: (outer) =>
      withinTime(outer, model.timeoutMs, (attempt) =>
        tryAddresses(addressesOf(url.hostname), port, attempt.signal, async (address, signal) => {
          const at = place(address, port);
          const answer = await requestOnce({
            url,
            address,
            port,
            headers: model.headers,
            wantsBody: model.matchBody !== undefined,
            signal,
          });
          if (answer === 'aborted') {
            return {
              ok: false,
              seen: l10n.t('no answer from {0} after {1} ms', at, attempt.elapsedMs()),
            };
          }
          if (answer instanceof Error) return connectionProblem(answer, at);
          const status = l10n.t('HTTP {0} after {1} ms', answer.status, attempt.elapsedMs());
          const problem = judge(answer);
          if (problem !== undefined) {
            return { ok: false, seen: problem === '' ? status : `${status}, ${problem}` };
          }
          const foreign = await foreignServer(ownsPort, url.hostname, address, port);
          return foreign ?? { ok: true, seen: status };
        }),
      ),
  };
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
