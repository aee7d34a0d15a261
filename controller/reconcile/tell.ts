import { subjectOf } from '../plan/plan-json.ts';
import { EVENTS, type OperatorEvent } from '../status/events.ts';
import type { ChangeOutcome } from '../status/types.ts';
import type { Clock, EventSink, Logger } from './ports.ts';

export interface TellPorts {
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'now'>;
  /** Absent: there is no event log. */
  readonly events?: EventSink | undefined;
}

/** Each event is one line of the log and one entry of the event log; both say the same. */
export function tell({ logger, events, clock }: TellPorts, news: readonly OperatorEvent[]): void {
  for (const { name, ...fields } of news) {
    const { level, message } = EVENTS[name];
    logger[level](message, { event: name, ...fields });
  }
  events?.record(news, clock.now());
}

/** Changes that did not come about without anything being wrong: of interest to who looks for them. */
export function logQuietOutcomes(logger: Logger, outcomes: readonly ChangeOutcome[]): void {
  for (const { change, result } of outcomes) {
    const fields = { scrapeTarget: change.target, change: change.kind, subject: subjectOf(change) };
    if (result.kind === 'unchanged') logger.debug('AWS already matched', fields);
    if (result.kind === 'held') logger.debug('Change held back', { ...fields, reason: result.error.reason });
    if (result.kind === 'failed') logger.debug('Change failed', { ...fields, reason: result.error.reason });
  }
}
