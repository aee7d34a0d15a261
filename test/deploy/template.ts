import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), 'a mapping is wanted');
  return { ...value };
}

export function list(value: unknown): readonly unknown[] {
  assert.ok(Array.isArray(value), 'a list is wanted');
  return value;
}

export async function readTemplate(name: string): Promise<Fields> {
  return fields(load(await readFile(`examples/deploy/${name}`, 'utf8')));
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackName': 'prometheus',
  'AWS::URLSuffix': 'amazonaws.com',
};

const NO_VALUE = Symbol('AWS::NoValue');

/** The resources of a template as CloudFormation would ask for them, with what `attributes` says others answered. */
function resourcesOf(
  template: Fields,
  given: Readonly<Record<string, string | readonly string[]>>,
  attributes: Readonly<Record<string, string>>,
): ReadonlyMap<string, Fields> {
  const evaluate = evaluator(template, given, attributes);
  const resources = Object.entries(fields(template['Resources'])).map(
    ([name, resource]) => [name, fields(resource)] as const,
  );
  const made = resources.filter(([, { Condition }]) => Condition === undefined || evaluate({ Condition }));
  return new Map(made.map(([name, { Properties }]) => [name, fields(evaluate(Properties))]));
}

/** Intrinsic functions, those that the templates use. */
function evaluator(
  template: Fields,
  given: Readonly<Record<string, unknown>>,
  attributes: Readonly<Record<string, string>>,
): (value: unknown) => unknown {
  const conditions = fields(template['Conditions'] ?? {});
  const parameters = fields(template['Parameters']);
  const reference = (name: string): unknown => {
    if (name === 'AWS::NoValue') return NO_VALUE;
    const fallback = name in parameters ? fields(parameters[name])['Default'] : undefined;
    const value = PSEUDO[name] ?? given[name] ?? fallback ?? attributes[name];
    return value ?? assert.fail(`${name} has no value.`);
  };
  const substitute = (text: string, own: Fields): string =>
    text.replaceAll(/\$\{([^!}]+)\}/g, (_, name: string) => String(own[name] ?? reference(name)));

  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (name) => reference(String(name)),
    Condition: (name) => evaluate(conditions[String(name)]),
    'Fn::GetAtt': (path) => reference(list(path).join('.')),
    'Fn::Equals': (pair) => new Set(list(evaluate(pair))).size === 1,
    'Fn::Not': (one) => evaluate(list(one)[0]) !== true,
    'Fn::And': (all) => list(all).every((one) => evaluate(one) === true),
    'Fn::If': (argument) => {
      const [name, yes, no] = list(argument);
      return evaluate(evaluate({ Condition: name }) === true ? yes : no);
    },
    'Fn::Select': (argument) => {
      const [index, from] = list(evaluate(argument));
      return list(from)[Number(index)];
    },
    'Fn::Split': (argument) => {
      const [by, text] = list(evaluate(argument));
      return String(text).split(String(by));
    },
    'Fn::Join': (argument) => {
      const [by, parts] = list(evaluate(argument));
      return list(parts).join(String(by));
    },
    'Fn::Sub': (argument) => {
      if (typeof argument === 'string') return substitute(argument, {});
      const [text, own] = list(argument);
      return substitute(String(text), fields(evaluate(own)));
    },
  };

  function evaluate(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(evaluate).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const [name = '', ...others] = Object.keys(value);
    const apply = others.length === 0 ? functions[name] : undefined;
    // IAM writes "Condition" too, with a mapping in it.
    const argument = fields(value)[name];
    if (apply !== undefined && !(name === 'Condition' && typeof argument !== 'string'))
      return apply(argument);
    const entries = Object.entries(value).map(([key, item]) => [key, evaluate(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
  }
  return evaluate;
}

const NAMES: Readonly<Record<string, string>> = {
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FilesystemId: 'fileSystemId',
  IAM: 'iam',
};

/** The same as the ECS API spells it: keys begin small, except those that are data. */
export function inApiSpelling(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inApiSpelling);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      NAMES[key] ?? key.charAt(0).toLowerCase() + key.slice(1),
      key === 'Options' ? item : inApiSpelling(item),
    ]),
  );
}

/** Containers by name. */
export function containersOf(taskDefinition: Fields | undefined): ReadonlyMap<string, Fields> {
  const containers = list(taskDefinition?.['ContainerDefinitions']).map(fields);
  return new Map(containers.map((container) => [String(container['Name']), container]));
}

/** What a user gives, and what AWS makes of it, for operator.yaml and the others. */
const GIVEN = {
  Cluster: 'ecs-prometheus-cluster',
  VpcId: 'vpc-0123456789abcdef0',
  Subnets: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
  SecurityGroups: ['sg-0123456789abcdef0'],
  ControllerImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/ecs-prometheus-operator:0.1.0',
  WebAppImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/webapp:1.0.0',
  SourceUri: 's3://my-bucket/targets/',
};
const ATTRIBUTES = {
  BaseConfig: '/prometheus/base-config',
  DataAccessPoint: 'fsap-0123456789abcdef0',
  'DataAccessPoint.Arn':
    'arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0',
  Documents: 'my-bucket',
  'Documents.Arn': 'arn:aws:s3:::my-bucket',
  'ExecutionRole.Arn': 'arn:aws:iam::123456789012:role/prometheus-execution',
  LogGroup: '/ecs/prometheus',
  'LogGroup.Arn': 'arn:aws:logs:us-east-1:123456789012:log-group:/ecs/prometheus:*',
  Namespace: 'ns-0123456789abcdef',
  'Namespace.Arn': 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef',
  'Namespace.Id': 'ns-0123456789abcdef',
  TaskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/prometheus:1',
  'TaskRole.Arn': 'arn:aws:iam::123456789012:role/prometheus-task',
  'Workspace.WorkspaceId': 'ws-01234567-89ab-cdef-0123-456789abcdef',
  WebAppTaskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/WebAppTask:1',
  NodeExporterTaskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/NodeExporterTask:1',
};

export async function deployed(
  name: string,
  given: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, Fields>> {
  return resourcesOf(await readTemplate(name), { ...GIVEN, ...given }, ATTRIBUTES);
}

/** The command of a container. */
export const wordsOf = (container: Fields | undefined): readonly string[] =>
  list(container?.['Command']).map(String);

export function environmentOf(container: Fields | undefined): ReadonlyMap<string, string> {
  const pairs = list(container?.['Environment'] ?? []).map(fields);
  return new Map(pairs.map(({ Name, Value }) => [String(Name), String(Value)]));
}
