import { isIPv4, isIPv6 } from 'node:net';
import type { Members } from '../members.ts';
import type { Namespace, RecordType, Service } from './model.ts';
import { invalidInput } from './store.ts';

const MAX_CUSTOM_ATTRIBUTES = 30;
const MAX_TOTAL_LENGTH = 5000;

const RESERVED = [
  'AWS_ALIAS_DNS_NAME',
  'AWS_EC2_INSTANCE_ID',
  'AWS_INIT_HEALTH_STATUS',
  'AWS_INSTANCE_CNAME',
  'AWS_INSTANCE_IPV4',
  'AWS_INSTANCE_IPV6',
  'AWS_INSTANCE_PORT',
];

type Attributes = ReadonlyMap<string, string>;

function checkSizes(attributes: Attributes): void {
  const custom = [...attributes.keys()].filter((key) => !RESERVED.includes(key));
  if (custom.length > MAX_CUSTOM_ATTRIBUTES)
    throw invalidInput(`An instance can have at most ${MAX_CUSTOM_ATTRIBUTES} custom attributes.`);
  const total = [...attributes].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (total > MAX_TOTAL_LENGTH)
    throw invalidInput(`The keys and values of all attributes can't exceed ${MAX_TOTAL_LENGTH} characters.`);
}

/** Values that are checked whatever the service looks like. */
const VALUE_RULES: Readonly<Record<string, (value: string) => boolean>> = {
  AWS_INSTANCE_IPV4: (value) => isIPv4(value),
  AWS_INSTANCE_IPV6: (value) => isIPv6(value),
  AWS_INSTANCE_PORT: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535,
  AWS_INIT_HEALTH_STATUS: (value) => value === 'HEALTHY' || value === 'UNHEALTHY',
};

function checkValues(attributes: Attributes): void {
  for (const [key, isValid] of Object.entries(VALUE_RULES)) {
    const value = attributes.get(key);
    if (value !== undefined && !isValid(value))
      throw invalidInput(`The value ${value} of the attribute ${key} isn't valid.`);
  }
}

const require = (attributes: Attributes, key: string, what: string): void => {
  if (!attributes.has(key))
    throw invalidInput(`${what} must be supplied in order to register this instance.`);
};

const NEEDS: Readonly<Record<RecordType, (attributes: Attributes) => void>> = {
  A: (attributes) => require(attributes, 'AWS_INSTANCE_IPV4', 'An IPv4 address'),
  AAAA: (attributes) => require(attributes, 'AWS_INSTANCE_IPV6', 'An IPv6 address'),
  CNAME: (attributes) => require(attributes, 'AWS_INSTANCE_CNAME', 'A CNAME'),
  SRV: (attributes) => {
    require(attributes, 'AWS_INSTANCE_PORT', 'A port');
    if (!attributes.has('AWS_INSTANCE_IPV6')) require(attributes, 'AWS_INSTANCE_IPV4', 'An IP address');
  },
};

function checkAlias(attributes: Attributes, service: Service): void {
  const addressed = service.dns?.records.every(({ type }) => type === 'A' || type === 'AAAA') ?? false;
  if (!addressed || service.dns?.routingPolicy !== 'WEIGHTED')
    throw invalidInput('AWS_ALIAS_DNS_NAME requires A or AAAA records and the routing policy WEIGHTED.');
  if ([...attributes.keys()].some((key) => key.startsWith('AWS_INSTANCE_')))
    throw invalidInput("AWS_ALIAS_DNS_NAME can't be combined with any AWS_INSTANCE attribute.");
}

function checkEc2(attributes: Attributes, namespace: Namespace): void {
  if (namespace.type !== 'HTTP')
    throw invalidInput('AWS_EC2_INSTANCE_ID is supported in HTTP namespaces only.');
  const other = [...attributes.keys()].find(
    (key) => key !== 'AWS_EC2_INSTANCE_ID' && key !== 'AWS_INIT_HEALTH_STATUS',
  );
  if (other !== undefined) throw invalidInput(`AWS_EC2_INSTANCE_ID can't be combined with ${other}.`);
}

function checkNeeds(attributes: Attributes, service: Service): void {
  for (const { type } of service.dns?.records ?? []) NEEDS[type](attributes);
  if (service.healthCheck !== undefined) require(attributes, 'AWS_INSTANCE_PORT', 'A port');
}

/** The attributes of a RegisterInstance request, checked against what the records of the service need. */
export function attributesOf(
  input: Members,
  service: Service,
  namespace: Namespace,
): Readonly<Record<string, string>> {
  const attributes = input.requiredTextMap('Attributes', {
    key: { min: 1, max: 255, pattern: /^[!-~]+$/ },
    value: { max: 1024 },
  });
  checkSizes(attributes);
  checkValues(attributes);
  if (attributes.has('AWS_INIT_HEALTH_STATUS') && !service.customHealth)
    throw invalidInput('AWS_INIT_HEALTH_STATUS requires a service with HealthCheckCustomConfig.');
  if (attributes.has('AWS_EC2_INSTANCE_ID')) checkEc2(attributes, namespace);
  if (attributes.has('AWS_ALIAS_DNS_NAME')) checkAlias(attributes, service);
  else checkNeeds(attributes, service);
  return Object.fromEntries(attributes);
}
