import { formatThrown, terminal, waiting } from '../errors.ts';
import type { OperatorError } from '../errors.ts';

const REASON = 'PrometheusUnreachable';
const CHECK_URL = 'Check the Prometheus URL, and its path prefix if Prometheus has one.';
const OTHER_SCHEME = 'Check whether the Prometheus URL begins with http or with https.';
const MAY_BE_STARTING = 'It may be starting; the reload follows as soon as it answers.';

/** What a failed connection says, by the code of its cause. */
const CERTIFICATE =
  /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;
const OTHER_PROTOCOL = /^(?:HPE_|ERR_SSL_|EPROTO)/;

/** Why there was no answer at all, for a reader who has to do something about it. */
export function noAnswerError(base: string, thrown: unknown): OperatorError {
  const code = deepestCode(thrown);
  const why = formatThrown(thrown).replaceAll(/\s+/g, ' ').trim();
  if (CERTIFICATE.test(code))
    return terminal({
      reason: REASON,
      message: `The certificate of Prometheus is not trusted: ${why}.`,
      where: base,
      remedy:
        'Start the controller with NODE_EXTRA_CA_CERTS naming the CA file, and use the name in the certificate.',
    });
  if (OTHER_PROTOCOL.test(code))
    return terminal({
      reason: REASON,
      message: `The server at the Prometheus URL speaks another protocol: ${why}.`,
      where: base,
      remedy: OTHER_SCHEME,
    });
  const remedy = code === 'ENOTFOUND' ? CHECK_URL : MAY_BE_STARTING;
  return waiting({ reason: REASON, message: `Prometheus does not answer: ${why}.`, where: base, remedy });
}

export function timedOutError(base: string, timeoutMs: number): OperatorError {
  return waiting({
    reason: REASON,
    message: `Prometheus does not answer: no answer within ${timeoutMs / 1000} s.`,
    where: base,
    remedy: MAY_BE_STARTING,
  });
}

/** Why a status other than 200 came, for any call. */
export function statusError(status: number, where: string): OperatorError {
  if (status === 502 || status === 503 || status === 504)
    return waiting({
      reason: REASON,
      message: `Prometheus is not ready yet (HTTP ${status}).`,
      where,
      remedy: 'It is starting, perhaps replaying its write-ahead log; the reload follows when it is ready.',
    });
  return terminal({
    reason: REASON,
    message: `The server at the Prometheus URL answered HTTP ${status}.`,
    where,
    remedy:
      status === 401 || status === 403
        ? 'Give credentials in the URL (http://user:password@host), or allow the controller in front of Prometheus.'
        : CHECK_URL,
  });
}

/** A page of a proxy, or another product: a reload must not be posted to it. */
export function notPrometheusError(where: string): OperatorError {
  return terminal({
    reason: REASON,
    message: 'The server at the Prometheus URL answers, but not like a Prometheus.',
    where,
    remedy: CHECK_URL,
  });
}

/** fetch hides the reason behind one or two errors of its own. */
function deepestCode(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  const below = deepestCode(thrown.cause);
  if (below !== '') return below;
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
