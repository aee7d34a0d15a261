import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { formatThrown, sentence, terminal } from '../../errors.ts';
import type { OperatorError } from '../../errors.ts';
import { conditionOf, isArnLike, isLike } from './conditions.ts';
import type { Condition, RequestContext } from './conditions.ts';

/** One permission that a call needs: an action on a resource, under what the request says of itself. */
export interface Demand {
  readonly action: string;
  /** `*` where IAM knows no resource for the action. */
  readonly resource: string;
  readonly context: RequestContext;
}

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly sid: string;
  /** As they are written. */
  readonly actions: readonly string[];
  readonly applies: (demand: Demand) => boolean;
}

/** Identity-based: what one caller may do. */
export type Policy = readonly Statement[];

export type Decision = 'allowed' | 'explicitlyDenied' | 'notAllowed';

/** A denial outranks every permission, and what nothing allows is denied. */
export function decide(policy: Policy, demand: Demand): Decision {
  const effects = policy.filter(({ applies }) => applies(demand)).map(({ effect }) => effect);
  if (effects.includes('Deny')) return 'explicitlyDenied';
  return effects.includes('Allow') ? 'allowed' : 'notAllowed';
}

/** Permissions of the statements that apply, as `Sid action`. */
export const grantsOf = (policy: Policy, demand: Demand): readonly string[] =>
  policy
    .filter(({ effect, applies }) => effect === 'Allow' && applies(demand))
    .flatMap(({ sid, actions }) =>
      actions.filter((each) => isActionLike(demand.action, each)).map((each) => `${sid} ${each}`),
    );

export const allGrants = (policy: Policy): readonly string[] =>
  policy
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ sid, actions }) => actions.map((each) => `${sid} ${each}`));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (message: string): OperatorError =>
  terminal({
    reason: 'InvalidPolicy',
    message: `The IAM policy cannot be enforced: ${message}`,
    remedy: 'Give an identity-based policy, such as `scrapectl iam` prints.',
  });

function texts(value: unknown, what: string): readonly string[] {
  const list = [value].flat().map((each) => (typeof each === 'boolean' ? String(each) : each));
  if (list.every((each) => typeof each === 'string')) return list;
  throw invalid(`${what} is neither a text nor a list of texts.`);
}

type Patterns = 'Action' | 'Resource';

/** `Action` or `NotAction`, `Resource` or `NotResource`: what matches one of the patterns, or none. */
function matcher(statement: Readonly<Record<string, unknown>>, name: Patterns, compare: typeof isLike) {
  const not = statement[`Not${name}`];
  const patterns = texts(statement[name] ?? not, `a statement without ${name}, or its ${name},`);
  return (value: string): boolean =>
    patterns.some((pattern) => pattern === '*' || compare(value, pattern)) === (not === undefined);
}

function conditionsOf(block: unknown): readonly Condition[] {
  if (!isRecord(block)) throw invalid('a Condition is not a map.');
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isRecord(keys)) throw invalid(`${operator} of a Condition is not a map.`);
    return Object.entries(keys).map(([key, wanted]) => {
      const condition = conditionOf(operator, key, texts(wanted, key));
      if (condition === undefined) throw invalid(`the operator ${operator} is not known here.`);
      return condition;
    });
  });
}

const isActionLike: typeof isLike = (action, pattern) => isLike(action.toLowerCase(), pattern.toLowerCase());

function statementOf(value: unknown): Statement {
  if (!isRecord(value)) throw invalid('a statement is not a map.');
  const { Effect: effect, Condition: block = {} } = value;
  if (effect !== 'Allow' && effect !== 'Deny') throw invalid('a statement is neither Allow nor Deny.');
  const isAction = matcher(value, 'Action', isActionLike);
  const isResource = matcher(value, 'Resource', isArnLike);
  const conditions = conditionsOf(block);
  return {
    effect,
    sid: typeof value['Sid'] === 'string' ? value['Sid'] : '',
    actions: texts(value['Action'] ?? [], 'Action'),
    applies: ({ action, resource, context }) =>
      isAction(action) && isResource(resource) && conditions.every((holds) => holds(context)),
  };
}

/** Reads a policy document. What would not be enforced as AWS does is refused, not passed over. */
export function parsePolicy(document: unknown): Policy {
  if (!isRecord(document) || document['Statement'] === undefined) throw invalid('it has no Statement.');
  return [document['Statement']].flat().map(statementOf);
}

/** A policy as JSON or YAML. */
export async function readPolicy(file: string): Promise<Policy> {
  let document: unknown;
  try {
    document = load(await readFile(file, 'utf8'));
  } catch (thrown) {
    throw terminal({
      reason: 'InvalidPolicy',
      where: file,
      message: `The IAM policy cannot be read: ${sentence(formatThrown(thrown))}`,
      remedy: 'Name a file with a policy in JSON or YAML.',
      cause: thrown,
    });
  }
  return parsePolicy(document);
}
