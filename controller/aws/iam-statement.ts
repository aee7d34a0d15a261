/** What a role must be allowed to do. URIs are those of the command line; local paths need no permission. */
export interface PolicyScope {
  readonly mode: PolicyMode;
  readonly partition: string;
  /** `*` where it is not known. */
  readonly region: string;
  /** `*` where it is not known. */
  readonly account: string;
  readonly owner: string;
  /** Names of the ECS clusters; none means all of them. */
  readonly clusters: readonly string[];
  /** Whether there are documents at all, wherever; what is scraped by its tags needs none. */
  readonly documents: boolean;
  /** Where documents are read, as prefixes. */
  readonly sources: readonly string[];
  /** Single objects and parameters that are read: the base configuration, names of namespaces. */
  readonly texts: readonly string[];
  /** Where status and inventory are stored; undefined where they are not, or not in AWS. */
  readonly state: string | undefined;
  readonly lease: string | undefined;
  readonly eventLogGroup: string | undefined;
  /** What may be done to registries that exist, as with `--policy`. */
  readonly policy: 'sync' | 'upsert-only' | 'create-only';
  /** Whether ECS services may be bound, which replaces their tasks. */
  readonly disruptive: boolean;
  /** Where documents are published, and whether documents may be deleted there. */
  readonly publish: { readonly to: string; readonly prune: boolean } | undefined;
  /** Whether `get` looks for registries that no document names. */
  readonly orphans: boolean;
}

/** A verb that asks AWS for something. */
export type PolicyMode = 'plan' | 'apply' | 'run' | 'get' | 'publish' | 'import';

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[] | '*';
  readonly Condition?: Condition;
}

export interface ExplainedStatement {
  readonly statement: PolicyStatement;
  /** Why it is not narrower, where IAM or ECS leaves no choice. */
  readonly note?: string;
}

export function allow(
  Sid: string,
  Action: readonly string[],
  Resource: PolicyStatement['Resource'],
  more: { readonly condition?: Condition | undefined; readonly note?: string } = {},
): ExplainedStatement {
  const { condition, note } = more;
  return {
    statement: { Sid, Effect: 'Allow', Action, Resource, ...(condition && { Condition: condition }) },
    ...(note !== undefined && { note }),
  };
}

export const arn = ({ partition, region, account }: PolicyScope, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;
