import * as l10n from '@vscode/l10n';
import type { Probe as ProbeModel, ReadinessProbe } from '../config/model.ts';
import { createCommandProbe } from './commandProbe.ts';
import { createGrpcProbe } from './grpcProbe.ts';
import { createHeartbeatLivenessProbe, createHeartbeatProbe } from './heartbeatProbes.ts';
import { createHttpProbe } from './httpProbe.ts';
import { createLogLivenessProbe } from './logLivenessProbe.ts';
import { createLogProbe } from './logProbe.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { createTcpProbe } from './tcpProbe.ts';

/** The probe that asks whether a process is ready. The caller disposes it. */
export function createProbe(model: ReadinessProbe, context: ProbeContext): Probe {
  return masked(createPlain(model, context), context);
}

/** The probe that asks whether a process is still well. The caller disposes it. */
export function createHealthProbe(model: ProbeModel, context: ProbeContext): Probe {
  // What was said once is for ready, and says nothing of now.
  switch (model.kind) {
    case 'log':
      return masked(createLogLivenessProbe(model, context), context);
    case 'heartbeat':
      return context.heartbeat === undefined
        ? unheard()
        : createHeartbeatLivenessProbe(context.heartbeat);
    default:
      return createProbe(model, context);
  }
}

function createPlain(model: ReadinessProbe, context: ProbeContext): Probe {
  switch (model.kind) {
    case 'alive':
      return { check: () => Promise.resolve({ ok: true, seen: l10n.t('started') }) };
    case 'http':
      return createHttpProbe(model, context);
    case 'tcp':
      return createTcpProbe(model, context);
    case 'command':
      return createCommandProbe(model, context);
    case 'log':
      return createLogProbe(model, context);
    case 'grpc':
      return createGrpcProbe(model, context);
    case 'heartbeat':
      return context.heartbeat === undefined ? unheard() : createHeartbeatProbe(context.heartbeat);
  }
}

/** A program that was not started here was not told where to send its lines. */
function unheard(): Probe {
  const seen = l10n.t('a program that is not started here has no heartbeat');
  return { check: () => Promise.resolve({ ok: false, seen }) };
}

/** Lines, bodies and the names of listeners may show a secret, and what was seen goes everywhere. */
function masked(probe: Probe, { mask }: ProbeContext): Probe {
  if (mask === undefined) return probe;
  return {
    ...probe,
    async check(signal) {
      const { ok, seen } = await probe.check(signal);
      return { ok, seen: mask(seen) };
    },
  };
}
