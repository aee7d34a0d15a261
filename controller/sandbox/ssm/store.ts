import { AwsFault, type SandboxContext } from '../service.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type Tier = 'Standard' | 'Advanced';

export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly modifiedAt: number;
  readonly labels: ReadonlySet<string>;
}

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly tier: Tier;
  readonly dataType: string;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** Oldest first; never empty. */
  readonly versions: readonly [ParameterVersion, ...ParameterVersion[]];
}

export interface SsmOptions {
  readonly maxParameters?: number;
}

export interface Store {
  readonly context: SandboxContext;
  readonly maxParameters: number;
  readonly parameters: Map<string, Parameter>;
}

export const createStore = (context: SandboxContext, options: SsmOptions): Store => ({
  context,
  maxParameters: options.maxParameters ?? 10_000,
  parameters: new Map(),
});

export const invalid = (message: string): AwsFault => new AwsFault('ValidationException', message);

/** AWS sends this error without any text. */
export const parameterNotFound = (): AwsFault => new AwsFault('ParameterNotFound', '');

export function arnOf(store: Store, name: string): string {
  const { region, account } = store.context;
  return `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

export const latest = (parameter: Parameter): ParameterVersion =>
  parameter.versions.at(-1) ?? parameter.versions[0];

export const sortedByName = (store: Store): Parameter[] =>
  [...store.parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

export const pathOf = (name: string): string => (name.startsWith('/') ? name : `/${name}`);

/** Whether a parameter lies below a path, either anywhere or one level down. */
export function isBelow(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const full = pathOf(name);
  return full.startsWith(prefix) && (recursive || !full.slice(prefix.length).includes('/'));
}
