import { lastSegment } from '../state/keys.ts';
import type { CloudMapReadApi } from './api-cloudmap.ts';
import { readAllPages } from './paginate.ts';

const PAGE = 100;

/** All instances of a registry, as Cloud Map tells them. */
export function listInstances(
  cloudMap: Pick<CloudMapReadApi, 'listInstances'>,
  registryArn: string,
  where: string,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const ServiceId = lastSegment(registryArn);
  return readAllPages<unknown>(where, async (NextToken) => {
    const page = await cloudMap.listInstances(
      { ServiceId, MaxResults: PAGE, ...(NextToken && { NextToken }) },
      { where, signal },
    );
    return { items: page.Instances, token: page.NextToken };
  });
}
