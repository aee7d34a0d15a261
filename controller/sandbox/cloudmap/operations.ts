import { randomName } from '../identifiers.ts';
import type { Json } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import { filteredPage, filtersOf, nextToken, textMatches, type Filter } from './lists.ts';
import type { Namespace, Operation, OperationFailure, OperationTargets, OperationType } from './model.ts';
import { epochSeconds, isShared, type Store } from './store.ts';

interface Work {
  readonly type: OperationType;
  readonly targets: OperationTargets;
  readonly namespace: Pick<Namespace, 'id' | 'owner'>;
  /** What the operation works on; one operation at a time may. */
  readonly key: string;
  readonly apply: () => void;
}

const duplicateRequest = (operationId: string): AwsFault =>
  new AwsFault('DuplicateRequest', 'The operation is already in progress.', {
    fields: { DuplicateOperationId: operationId },
  });

/** What was true when the request came may no longer be when the work is done. */
function failureOf(apply: () => void): OperationFailure | undefined {
  try {
    apply();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof AwsFault)) throw thrown;
    return { code: 'INTERNAL_FAILURE', message: thrown.message };
  }
}

/** Accepts the work, does it two steps later, and answers with the id to ask about. */
export function submit(store: Store, work: Work): string {
  const running = store.busy.get(work.key);
  if (running !== undefined) throw duplicateRequest(running);
  const { clock } = store.context;
  const id = `${randomName(store.context, 32)}-${randomName(store.context, 8)}`;
  const advance = (change: Partial<Operation>): void => {
    const operation = store.operations.get(id);
    if (operation !== undefined)
      store.operations.set(id, { ...operation, ...change, updatedAt: clock.now() });
  };
  const injected = store.failures.get(work.type)?.shift();
  store.busy.set(work.key, id);
  store.operations.set(id, {
    id,
    type: work.type,
    status: 'SUBMITTED',
    targets: work.targets,
    owner: work.namespace.owner,
    namespaceId: work.namespace.id,
    createdAt: clock.now(),
    updatedAt: clock.now(),
  });
  clock.schedule(store.operationStepMs, () => {
    advance({ status: 'PENDING' });
    clock.schedule(store.operationStepMs, () => {
      store.busy.delete(work.key);
      const failure = injected ?? failureOf(work.apply);
      advance(failure === undefined ? { status: 'SUCCESS' } : { status: 'FAIL', failure });
    });
  });
  return id;
}

const viewOf = (operation: Operation) => ({
  Id: operation.id,
  OwnerAccount: operation.owner,
  Type: operation.type,
  Status: operation.status,
  ErrorCode: operation.failure?.code,
  ErrorMessage: operation.failure?.message,
  CreateDate: epochSeconds(operation.createdAt),
  UpdateDate: epochSeconds(operation.updatedAt),
  Targets: operation.targets,
});

/** The documented filter value is SUCCEED although the status reads SUCCESS. */
const filterStatus = (status: Operation['status']): string => (status === 'SUCCESS' ? 'SUCCEED' : status);

function operationMatches(filter: Filter, operation: Operation): boolean {
  switch (filter.name) {
    case 'NAMESPACE_ID':
      return textMatches(filter, operation.namespaceId);
    case 'SERVICE_ID':
      return textMatches(filter, operation.targets.SERVICE ?? '');
    case 'TYPE':
      return textMatches(filter, operation.type);
    case 'STATUS':
      return textMatches(filter, filterStatus(operation.status)) || textMatches(filter, operation.status);
    default: {
      const [start = 0, end = 0] = filter.values.map(Number);
      const updated = epochSeconds(operation.updatedAt);
      return updated >= start && updated <= end;
    }
  }
}

const FILTERS = {
  NAMESPACE_ID: ['EQ'],
  SERVICE_ID: ['EQ'],
  STATUS: ['EQ', 'IN'],
  TYPE: ['EQ', 'IN'],
  UPDATE_DATE: ['BETWEEN'],
};

export function operationOperations(store: Store) {
  return {
    GetOperation(json: Json) {
      const input = members(json, 'InvalidInput');
      const operation = store.operations.get(input.requiredText('OperationId', { max: 255 }));
      const owner = input.text('OwnerAccount', { pattern: /^\d{12}$/ }) ?? store.context.account;
      if (operation === undefined || operation.owner !== owner)
        throw new AwsFault('OperationNotFound', 'No operation exists with the specified ID.');
      return { Operation: viewOf(operation) };
    },

    ListOperations(json: Json) {
      const input = members(json, 'InvalidInput');
      const filters = filtersOf(input, FILTERS);
      const own = [...store.operations.values()].filter((operation) => !isShared(store, operation));
      const page = filteredPage(
        input,
        own.sort((a, b) => (a.id < b.id ? -1 : 1)),
        (operation) => filters.every((filter) => operationMatches(filter, operation)),
      );
      return {
        Operations: page.items.map(({ id, status }) => ({ Id: id, Status: status })),
        ...nextToken(page),
      };
    },
  };
}
