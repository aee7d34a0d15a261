import { AwsFault } from '../service.ts';

export interface Denial {
  readonly service: string;
  readonly account: string;
  /** Access key id; undefined when the call was not signed. */
  readonly caller: string | undefined;
  readonly action: string;
  readonly resource: string;
  /** Something forbids it, and not merely nothing allows it. */
  readonly explicit: boolean;
}

/** IAM's own words; who is not allowed, what, on what, and by which kind of policy. */
export function accessDenied({ service, account, caller, action, resource, explicit }: Denial): AwsFault {
  const user = `arn:aws:iam::${account}:user/${caller ?? 'anonymous'}`;
  const on = service === 's3' ? `"${resource}"` : resource;
  const why = explicit
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${on} ${why}`;
  return service === 's3' || service === 'sts'
    ? new AwsFault('AccessDenied', message, { status: 403 })
    : new AwsFault('AccessDeniedException', message);
}
