import { concerns } from './answers.ts';
import { ALL_PLACES } from './world.ts';
import type { World } from './world.ts';

/** By which answers nobody could see that they were not true: old ones, and those that leave out an item of a list. */
export interface Misleadings {
  /** From now on, until the result is called, reads may show what was so long ago. */
  stale(ageMs: number): () => void;
  /** How old the news may be that the controller goes by. */
  staleness(): number;
  liedTo(operation: string, input: Readonly<Record<string, unknown>>): void;
  /** Whether something that it was told about the service lately was a lie. */
  about(service: string): boolean;
}

/** What was told is used in this pass, and by writes and guards that go on in the next ones. */
const LASTS_MS = 130_000;
/** Task definitions and tags are believed for an hour. */
const REMEMBERED_MS = 3_700_000;
const REMEMBERED = /^(?:DescribeTaskDefinition|ListTagsForResource)$/;

export function createMisleadings(world: World, now: () => number): Misleadings {
  const stale = new Set<{ readonly ageMs: number; until: number }>();
  const liedUntil = new Map<string, number>();
  return {
    stale(ageMs) {
      const news = { ageMs, until: Infinity };
      stale.add(news);
      return () => {
        news.until = now() + ageMs + LASTS_MS;
      };
    },
    staleness() {
      for (const news of stale) if (news.until < now()) stale.delete(news);
      return Math.max(0, ...[...stale].map(({ ageMs }) => ageMs));
    },
    liedTo(operation, input) {
      const until = now() + (REMEMBERED.test(operation) ? REMEMBERED_MS : LASTS_MS);
      for (const { service, cluster, namespace } of ALL_PLACES)
        if (concerns({ operation, input }, service, cluster, world.sandbox.cloudMap.idsOf(namespace)))
          liedUntil.set(service, Math.max(until, liedUntil.get(service) ?? 0));
    },
    about: (service) => (liedUntil.get(service) ?? -Infinity) >= now(),
  };
}
