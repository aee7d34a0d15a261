import type { Clock } from '../reconcile/ports.ts';
import type { CloudMapReadApi, CloudMapWriteApi } from './api-cloudmap.ts';
import type { EcsReadApi, EcsWriteApi } from './api-ecs.ts';
import type { RecentWrites } from './recent-writes.ts';

/** What a change is made with. */
export interface Writing {
  readonly ecs: EcsReadApi & EcsWriteApi;
  readonly cloudMap: CloudMapReadApi & CloudMapWriteApi;
  readonly clock: Clock;
  /** Shared with the reader. */
  readonly writes: RecentWrites;
  /** Value of our owner tag: nothing else is changed. */
  readonly owner: string;
}
