import type { ServiceRef } from '../api/types.ts';
import { transient } from '../errors.ts';
import { lastSegment } from '../state/keys.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { readAllPages } from './paginate.ts';
import { present, text } from './values.ts';

/** What ECS allows in one page of either list; fewer may come. */
const PAGE = 100;

export async function listClusters(
  ecs: Pick<EcsReadApi, 'listClusters'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const where = 'ECS clusters';
  const arns = await readAllPages(where, async (nextToken) => {
    const page = await ecs.listClusters(
      { maxResults: PAGE, ...(nextToken && { nextToken }) },
      { where, signal },
    );
    return { items: page.clusterArns, token: page.nextToken };
  });
  return namesOf(arns, where).sort();
}

/** All services of a cluster, those of Express and of other deployment controllers included. */
export async function listServices(
  ecs: Pick<EcsReadApi, 'listServices'>,
  cluster: string,
  signal: AbortSignal,
): Promise<readonly ServiceRef[]> {
  const where = `ECS services of cluster ${cluster}`;
  const arns = await readAllPages(where, async (nextToken) => {
    const page = await ecs.listServices(
      { cluster, maxResults: PAGE, ...(nextToken && { nextToken }) },
      { where, signal },
    );
    return { items: page.serviceArns, token: page.nextToken };
  });
  return namesOf(arns, where).map((service) => ({ cluster: lastSegment(cluster), service }));
}

/** What cannot be read of a list may be the very thing that is looked for. */
function namesOf(arns: readonly unknown[], where: string): string[] {
  const names = present(arns.map(text)).map(lastSegment);
  if (names.length === arns.length) return names;
  throw transient({
    reason: 'IncompleteAnswer',
    where,
    message: 'ECS listed something without its ARN.',
  });
}
