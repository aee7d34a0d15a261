import { OWNER_TAG } from '../../controller/plan/types.ts';
import { ALL_PLACES } from './world.ts';
import type { World } from './world.ts';

export type Input = Readonly<Record<string, unknown>>;

export const recordsIn = (value: unknown, member: string): readonly Input[] => {
  const list: unknown = Reflect.get(Object(value), member);
  return Array.isArray(list) ? list.map((each: unknown): Input => ({ ...Object(each) })) : [];
};

/** What is true in AWS at this moment, with who was told of it. */
export interface Account {
  bindingsOf(service: string): readonly Input[];
  deploymentsOf(service: string): readonly Input[];
  ownerOf(registryArn: string): unknown;
  /** Services of both installations whose tasks register there. */
  usersOf(registryArn: string): readonly string[];
  told(caller: string, service: string): void;
  /** Whether the newest deployment began after the caller was last told of the service: nobody can know it. */
  isNews(caller: string, service: string): boolean;
  /** The deployment that runs now and that the caller has been told of. */
  rollingOf(caller: string, service: string): Input | undefined;
  /** The deployment that counts now. */
  primaryOf(service: string): string | undefined;
}

export function createAccount(world: World, now: () => number): Account {
  const toldAt = new Map<string, number>();
  const view = (service: string): Input => {
    const cluster = ALL_PLACES.find((place) => place.service === service)?.cluster;
    return recordsIn(world.ecs('DescribeServices', { cluster, services: [service] }), 'services')[0] ?? {};
  };
  const deploymentsOf = (service: string): readonly Input[] => recordsIn(view(service), 'deployments');
  const isNewsOf = (caller: string, service: string, deployment: Input | undefined): boolean =>
    Number(deployment?.['createdAt']) * 1000 >= (toldAt.get(`${caller} ${service}`) ?? 0);
  const account: Account = {
    deploymentsOf,
    bindingsOf: (service) => recordsIn(view(service), 'serviceRegistries'),
    ownerOf: (arn) =>
      recordsIn(world.cloudMap('ListTagsForResource', { ResourceARN: arn }), 'Tags').find(
        (tag) => tag['Key'] === OWNER_TAG,
      )?.['Value'],
    usersOf: (arn) =>
      ALL_PLACES.flatMap(({ service }) =>
        account.bindingsOf(service).some(({ registryArn }) => registryArn === arn) ? [service] : [],
      ),
    told: (caller, service) => void toldAt.set(`${caller} ${service}`, now()),
    isNews: (caller, service) => isNewsOf(caller, service, deploymentsOf(service)[0]),
    rollingOf: (caller, service) =>
      deploymentsOf(service).find(
        (each) => each['rolloutState'] === 'IN_PROGRESS' && !isNewsOf(caller, service, each),
      ),
    primaryOf(service) {
      const id = deploymentsOf(service).find((each) => each['status'] === 'PRIMARY')?.['id'];
      return typeof id === 'string' ? id : undefined;
    },
  };
  return account;
}
