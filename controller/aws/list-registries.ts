import type { CloudMapReadApi } from './api-cloudmap.ts';
import type { CallContext } from './budget.ts';
import { decodeRegistry } from './decode-cloudmap.ts';
import type { DecodedRegistry } from './decode-cloudmap.ts';
import { readAllPages } from './paginate.ts';
import { asRead } from './read.ts';
import { present, text } from './values.ts';

export interface RegistryListing {
  readonly cloudMap: Pick<CloudMapReadApi, 'listServices' | 'getService'>;
}

/** As the filter of ListServices wants it: a shared namespace by ARN, one of our own by id, which older endpoints know too. */
export interface NamespaceRef {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
}

const PAGE = 100;

/** The registries of a namespace. */
export interface ListedRegistries {
  readonly registries: readonly DecodedRegistry[];
  /** Whether each one that was listed could be decoded. */
  readonly whole: boolean;
}

export async function listRegistries(
  { cloudMap }: { readonly cloudMap: Pick<CloudMapReadApi, 'listServices'> },
  namespace: NamespaceRef,
  shared: boolean,
  signal: AbortSignal,
): Promise<ListedRegistries> {
  const context: CallContext = { where: `namespace ${namespace.name}`, signal };
  const Values = [shared ? namespace.arn : namespace.id];
  const services = await readAllPages(context.where, async (NextToken) => {
    const page = await cloudMap.listServices(
      {
        MaxResults: PAGE,
        Filters: [{ Name: 'NAMESPACE_ID', Values, Condition: 'EQ' }],
        ...(NextToken && { NextToken }),
      },
      context,
    );
    return { items: page.Services, token: page.NextToken };
  });
  const decoded = present(services.map(decodeRegistry));
  const registries = decoded.filter(
    ({ namespaceId }) => namespaceId === undefined || namespaceId === namespace.id,
  );
  return { registries, whole: decoded.length === services.length };
}

/**
 * Summaries do not tell their namespace, so everything hangs on the filter of ListServices, and some
 * endpoints ignore filters. One list of a second namespace proves it, once: a filter that works never
 * shows one registry in both. Where it does not work, each registry is asked, once.
 */
export interface Membership {
  /** Those of `listed` that are in the namespace. */
  restrict(
    namespace: NamespaceRef,
    listed: readonly DecodedRegistry[],
    others: readonly NamespaceRef[],
    signal: AbortSignal,
  ): Promise<readonly DecodedRegistry[]>;
}

export function createMembership(listing: RegistryListing): Membership {
  const namespaceOf = new Map<string, string>();
  let filterWorks: boolean | undefined;

  const proveFilter = async (
    listed: readonly DecodedRegistry[],
    other: NamespaceRef,
    signal: AbortSignal,
  ): Promise<boolean | undefined> => {
    const elsewhere = await asRead(listRegistries(listing, other, false, signal));
    if (elsewhere.kind === 'failed') return undefined;
    const ids = new Set(elsewhere.value.registries.map(({ registry }) => registry.id));
    return !listed.some(({ registry }) => ids.has(registry.id));
  };
  const namespaceIdOf = async (
    id: string,
    where: string,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    const known = namespaceOf.get(id);
    if (known !== undefined) return known;
    const { Service } = await listing.cloudMap.getService({ Id: id }, { where, signal });
    const found = text(Service?.NamespaceId);
    if (found !== undefined) namespaceOf.set(id, found);
    return found;
  };
  return {
    async restrict(namespace, listed, others, signal) {
      const [other] = others;
      const untold = listed.some((each) => each.namespaceId === undefined);
      if (other === undefined || !untold) return listed;
      filterWorks ??= await proveFilter(listed, other, signal);
      if (filterWorks !== false) return listed;
      const ids = listed.map(({ registry }) =>
        namespaceIdOf(registry.id, `registry ${registry.name}`, signal),
      );
      const found = await Promise.all(ids);
      return listed.filter((_, index) => (found[index] ?? namespace.id) === namespace.id);
    },
  };
}
