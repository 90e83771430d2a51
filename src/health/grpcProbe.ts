import * as l10n from '@vscode/l10n';
import type { GrpcProbe } from '../config/model.ts';
import { type Attempt, withinTime } from './attempt.ts';
import { checkHealth, type GrpcAnswer } from './grpcCheck.ts';
import {
  type AddressResult,
  addressesOf,
  connectionProblem,
  place,
  tryAddresses,
} from './loopback.ts';
import { foreignServer } from './ownership.ts';
import type { Probe, ProbeContext, ProbeResult } from './probe.ts';

/** Well when the standard health service of gRPC says SERVING of the service asked for. */
export function createGrpcProbe(
  { target, service, timeoutMs }: GrpcProbe,
  { ownsPort }: Pick<ProbeContext, 'ownsPort'>,
): Probe {
  const socketPath = /^unix:(?<path>.+)/.exec(target)?.groups?.['path'];
  if (socketPath !== undefined) {
    return { check: (outer) => withinTime(outer, timeoutMs, (attempt) => askSocket(attempt)) };
  }
  const colon = target.lastIndexOf(':');
  const host = target.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(target.slice(colon + 1));
  return {
    check: (outer) =>
      withinTime(outer, timeoutMs, (attempt) =>
        tryAddresses(addressesOf(host), port, attempt.signal, (address, signal) =>
          askAddress(address, signal, attempt),
        ),
      ),
  };

  async function askAddress(
    address: string,
    signal: AbortSignal,
    attempt: Attempt,
  ): Promise<AddressResult> {
    const at = place(address, port);
    const answer = await checkHealth({
      target: address.includes(':')
        ? `ipv6:${at}`
        : `${/^[\d.]+$/.test(address) ? 'ipv4' : 'dns'}:${at}`,
      authority: place(host, port),
      service,
      signal,
    });
    const result = judge(answer, at, attempt);
    if (!result.ok) return result;
    return (await foreignServer(ownsPort, host, address, port)) ?? result;
  }

  async function askSocket(attempt: Attempt): Promise<ProbeResult> {
    const { signal } = attempt;
    const answer = await checkHealth({ target, authority: 'localhost', service, signal });
    const { ok, seen } = judge(answer, socketPath ?? '', attempt);
    return { ok, seen };
  }

  function judge(answer: GrpcAnswer, at: string, attempt: Attempt): AddressResult {
    const afterMs = attempt.elapsedMs();
    switch (answer.kind) {
      case 'status': {
        const ok = answer.status === 'SERVING';
        return { ok, seen: l10n.t('gRPC {0} after {1} ms', answer.status, afterMs) };
      }
      case 'aborted':
        return { ok: false, seen: l10n.t('no answer from {0} after {1} ms', at, afterMs) };
      case 'not-connected':
        return connectionProblem(answer.error, at);
      case 'refused': {
        const words = l10n.t('gRPC {0} after {1} ms', answer.code, afterMs);
        const why = explain(answer.code, service) ?? answer.details;
        return { ok: false, seen: why === '' ? words : `${words}: ${why}` };
      }
    }
  }
}

/** What the two usual refusals mean here. */
function explain(code: string, service: string): string | undefined {
  if (code === 'UNIMPLEMENTED') return l10n.t('the server has no health service');
  if (code === 'NOT_FOUND') return l10n.t('the server knows no service "{0}"', service);
  return undefined;
}
