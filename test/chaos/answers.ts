import type { RecordedCall } from '../../controller/sandbox/recorder.ts';

/** What AWS answered to one call of a controller. */
export interface Answered {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether the answer was whole and true. */
  readonly whole: boolean;
}

/** An empty page leaves a list whole; the same empty page again looks like a list without end. */
export function isWhole({ outcome, fault, input }: RecordedCall): boolean {
  if (outcome !== 'ok' || fault === undefined) return outcome === 'ok';
  return fault === 'emptyPage' && !/nextToken/i.test(JSON.stringify(input));
}

/** The answers of one pass: a call that was repeated counts as its last answer. */
export interface Answers {
  add(answer: Answered): void;
  clear(): void;
  readonly all: readonly Answered[];
  /** Whether everything that was asked about a service was answered, and it was asked about at all. */
  toldAbout(service: string, cluster: string, namespaceIds: readonly string[]): boolean;
}

export function createAnswers(): Answers {
  let all: Answered[] = [];
  const last = (): readonly Answered[] => [
    ...new Map(all.map((each) => [`${each.operation} ${JSON.stringify(each.input)}`, each])).values(),
  ];
  const names = (input: unknown, name: string): boolean => JSON.stringify(input).includes(`"${name}"`);
  return {
    add: (answer) => all.push(answer),
    clear() {
      all = [];
    },
    get all() {
      return all;
    },
    toldAbout(service, cluster, namespaceIds) {
      const ofService = last().filter((each) => concerns(each, service, cluster, namespaceIds));
      const described = ofService.some(
        (each) => each.operation === 'DescribeServices' && names(each.input, service),
      );
      return described && ofService.every((each) => each.whole);
    },
  };
}

export function concerns(
  { operation, input }: Pick<Answered, 'operation' | 'input'>,
  service: string,
  cluster: string,
  namespaceIds: readonly string[],
): boolean {
  const text = JSON.stringify(input);
  switch (operation) {
    case 'DescribeServices':
      return text.includes(`"${service}"`);
    case 'ListTasks':
      return input['serviceName'] === undefined ? text.includes(cluster) : input['serviceName'] === service;
    case 'DescribeTasks':
      return text.includes(`/${cluster}`);
    case 'DescribeTaskDefinition':
      return text.includes(`/${service}:`);
    case 'ListServices':
      return namespaceIds.some((id) => text.includes(id));
    case 'ListNamespaces':
    case 'ListTagsForResource':
      return true;
    default:
      return false;
  }
}
