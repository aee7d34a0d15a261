import { AwsFault } from '../service.ts';
import { arnOf, invalid, pathOf, type Store } from './store.ts';

const MAX_ARN_LENGTH = 1011;
const MAX_LEVELS = 15;

const NAME_HELP =
  'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';

const PATH_HELP =
  'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.';

function checkReserved(name: string): void {
  const bare = name.replace(/^\//, '');
  const isPath = name.startsWith('/');
  if (isPath && /^aws/i.test(bare))
    throw new AwsFault('AccessDeniedException', `No access to reserved parameter name: ${bare}.`);
  if (!/^(aws|ssm)/i.test(bare)) return;
  throw invalid(
    isPath
      ? `Parameter name: can't be prefixed with "ssm" (case-insensitive). ${NAME_HELP}`
      : 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).',
  );
}

/** Rules for the name of a new parameter. */
export function checkName(store: Store, name: string): void {
  checkReserved(name);
  if (!/^\/?[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*$/.test(name))
    throw invalid(`Parameter name: only a mix of letters, numbers and .-_/ is allowed. ${NAME_HELP}`);
  if (name.includes('/') && !name.startsWith('/'))
    throw invalid('Parameter name must be a fully qualified name: a path starts with a slash.');
  if (arnOf(store, name).length > MAX_ARN_LENGTH)
    throw invalid(`The parameter ARN can't be longer than ${MAX_ARN_LENGTH} characters.`);
  if (pathOf(name).split('/').length - 1 > MAX_LEVELS)
    throw new AwsFault(
      'HierarchyLevelLimitExceededException',
      `A parameter hierarchy can have a maximum of ${MAX_LEVELS} levels.`,
    );
}

/** Rules for the path of GetParametersByPath. */
export function checkPath(path: string): void {
  if (!/^\/([a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*\/?)?$/.test(path)) throw invalid(PATH_HELP);
}
