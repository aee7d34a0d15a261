type Level = 'info' | 'warn' | 'error';

interface EventKind {
  /** `info` needs nobody, `warn` asks for a look, `error` for a hand. */
  readonly level: Level;
  /** Constant, so that it can be searched for. */
  readonly message: string;
  readonly fields: readonly (keyof EventFields)[];
  /** When it is told, for the reference. */
  readonly when: string;
}

/** What an event can carry; each kind names its own. */
interface EventFields {
  /** Undefined where a faulty document tells no name. */
  readonly scrapeTarget: string | undefined;
  /** What a change is about: `registry NAMESPACE/NAME`, `service CLUSTER/NAME`. */
  readonly subject: string;
  /** Kind of the change, as in a plan. */
  readonly change: string;
  /** Type of a condition, and its status and reason. */
  readonly type: string;
  readonly status: string;
  /** CamelCase and stable. */
  readonly reason: string;
  /** A sentence for people. */
  readonly message: string;
  /** What failed, where, and what to do. */
  readonly error: string;
  readonly fault: string;
  readonly why: string;
  /** RFC 3339. */
  readonly at: string;
  readonly since: string;
  /** Numbers of targets, over all endpoints. */
  readonly added: number;
  readonly removed: number;
  readonly targets: number;
  readonly scrapeTargets: number;
  readonly ready: number;
  readonly dropped: number;
  /** Paths below the bundle directory; undefined for none. */
  readonly written: readonly string[] | undefined;
  readonly deleted: readonly string[] | undefined;
  readonly sources: readonly string[];
  readonly version: string;
  readonly owner: string;
  readonly configDir: string | undefined;
  readonly dryRun: boolean;
  readonly listen: string;
  readonly targetsListen: string;
}

const kind = <F extends keyof EventFields>(
  level: Level,
  message: string,
  fields: readonly F[],
  when: string,
): EventKind & { readonly fields: readonly F[] } => ({ level, message, fields, when });

const CONDITION = ['scrapeTarget', 'type', 'status', 'reason', 'message'] as const;
const CONDITION_CHANGED = 'Condition changed';
const CHANGE = ['scrapeTarget', 'change', 'subject'] as const;
const FAULTY = 'Input is faulty; what was valid last stays in force';
const MENDED = 'Input is mended';
const BEHIND = 'Prometheus does not have the newest files; it goes on with those before';

/**
 * Everything that the operator tells, once each time that it happens: as a line of its log, and as an event where
 * there is an event log. The reference in docs/ is made of this.
 */
export const EVENTS = {
  ControllerStarted: kind(
    'info',
    'Controller started',
    ['version', 'sources', 'owner', 'configDir', 'dryRun', 'listen', 'targetsListen'],
    'the process has started',
  ),
  ControllerSynced: kind(
    'info',
    'First pass done',
    ['scrapeTargets', 'ready', 'targets'],
    'the first pass of a process has ended: what it found',
  ),
  ControllerStopped: kind('info', 'Controller stopped', [], 'the process ends because it was asked to'),
  PassFailed: kind(
    'error',
    'Pass failed; everything stays as it is until the next one',
    ['reason', 'error'],
    'a pass failed as a whole; again only with another error',
  ),
  PassesRecovered: kind('info', 'Passes succeed again', [], 'a pass succeeded after one that had failed'),

  ScrapeTargetAdded: kind(
    'info',
    'ScrapeTarget added',
    ['scrapeTarget'],
    'a document is seen for the first time; after a restart only where no status is stored',
  ),
  ScrapeTargetRemoved: kind('info', 'ScrapeTarget removed', ['scrapeTarget'], 'its document is gone'),
  ScrapeTargetSuspended: kind('info', 'ScrapeTarget suspended', ['scrapeTarget'], '`suspend: true` was seen'),
  ScrapeTargetResumed: kind('info', 'ScrapeTarget resumed', ['scrapeTarget'], '`suspend` is off again'),
  ScrapeTargetReady: kind('info', CONDITION_CHANGED, CONDITION, 'AWS and Prometheus match the document'),
  ScrapeTargetNotReady: kind(
    'info',
    CONDITION_CHANGED,
    CONDITION,
    'AWS or Prometheus does not match the document, or for another reason than before',
  ),
  ConditionFailed: kind(
    'warn',
    CONDITION_CHANGED,
    CONDITION,
    'a condition became False, and a person or a retry must help',
  ),
  ConditionWaiting: kind(
    'info',
    CONDITION_CHANGED,
    CONDITION,
    'a condition became False, and that passes by itself',
  ),
  OwnershipConflict: kind(
    'warn',
    CONDITION_CHANGED,
    CONDITION,
    'the registry belongs to another installation, or to nobody, and the document does not adopt it',
  ),
  DriftDetected: kind(
    'warn',
    'AWS differs from the document, which asks not to touch it',
    ['scrapeTarget', 'reason', 'message'],
    'somebody else changed what the document only observes',
  ),
  DriftResolved: kind(
    'info',
    'AWS matches the document again',
    ['scrapeTarget'],
    'what had drifted is as the document asks again',
  ),

  RegistryCreated: kind('info', 'Registry created', CHANGE, 'a Cloud Map service was made'),
  RegistryAdopted: kind('info', 'Registry adopted', CHANGE, 'a Cloud Map service that was there became ours'),
  RegistryUpdated: kind(
    'info',
    'Registry updated',
    CHANGE,
    'its DNS record, description or tags were changed',
  ),
  RegistryDeleted: kind('info', 'Registry deleted', CHANGE, 'the registry of a removed document was deleted'),
  ServiceBound: kind('info', 'Service bound', CHANGE, 'the ECS service was told to register in the registry'),
  ServiceUnbound: kind('info', 'Service unbound', CHANGE, 'the ECS service was told to leave the registry'),
  ChangeFailed: kind(
    'warn',
    'Change failed',
    [...CHANGE, 'reason', 'error'],
    'AWS did not make a change; again only with another reason',
  ),
  PruneHeld: kind(
    'warn',
    'Deletion held',
    ['scrapeTarget', 'subject', 'reason', 'message'],
    'what removed documents left behind is not deleted, and why',
  ),
  RegistryRetained: kind(
    'info',
    'Left behind, as the document asked',
    ['scrapeTarget', 'subject'],
    'a document with `deletionPolicy: Retain` is gone: its registry and binding stay as they are, and `get --orphans` lists them',
  ),
  DeletionBegun: kind(
    'info',
    'Deletion begun',
    ['scrapeTarget', 'subject'],
    'a document with `deletionPolicy: Delete` is gone, and so is its job in Prometheus: binding and registry follow',
  ),
  RolloutStarted: kind(
    'info',
    'ECS replaces the tasks of a bound service',
    ['scrapeTarget', 'message'],
    'the deployment that a binding causes, or another one of a bound service, runs',
  ),
  RolloutFinished: kind('info', 'Rollout finished', ['scrapeTarget'], 'ECS has replaced the tasks'),
  RolloutRolledBack: kind(
    'warn',
    'Rollout rolled back',
    CONDITION,
    'ECS undid the binding; it is not tried again before the document changes',
  ),

  TargetsChanged: kind(
    'info',
    'Targets changed',
    ['scrapeTarget', 'added', 'removed', 'targets'],
    'Prometheus was given other targets; those of registries without a document count as `ecs-services`',
  ),
  TargetsHeld: kind(
    'warn',
    CONDITION_CHANGED,
    CONDITION,
    'AWS does not say, or not surely enough, what its targets are: the last good ones stay',
  ),
  TargetsRecovered: kind(
    'info',
    'Targets are read again',
    ['scrapeTarget'],
    'a complete read was believed after targets had been held',
  ),
  NoTargets: kind(
    'info',
    CONDITION_CHANGED,
    CONDITION,
    'AWS says in a complete read that there is nothing to scrape',
  ),

  DocumentInvalid: kind('error', FAULTY, ['scrapeTarget', 'fault'], 'a document has a fault'),
  SourceUnread: kind('error', FAULTY, ['fault'], 'a source could not be read whole'),
  BaseConfigFaulty: kind(
    'error',
    FAULTY,
    ['fault'],
    'the base configuration cannot be read, is wrong, or is refused',
  ),
  InventoryUnusable: kind(
    'error',
    'The inventory of what is ours cannot be used; nothing is deleted',
    ['fault'],
    'it cannot be read, understood or stored',
  ),
  InventoryRecovered: kind('info', 'The inventory is in use again', ['fault'], 'it was read and stored'),
  TagsUnread: kind('error', FAULTY, ['fault'], 'registries without a document could not be read'),
  TagsSkipped: kind(
    'warn',
    'Not scraped by its tags',
    ['why'],
    'a registry without a document asks for a scrape and cannot have one',
  ),
  DocumentMended: kind('info', MENDED, ['scrapeTarget', 'fault'], 'a fault of a document is gone'),
  SourceRecovered: kind('info', MENDED, ['fault'], 'a source that could not be read whole was'),
  BaseConfigMended: kind('info', MENDED, ['fault'], 'the base configuration is in force'),
  TagsRead: kind('info', MENDED, ['fault'], 'registries without a document could be read again'),
  TagsMended: kind(
    'info',
    MENDED,
    ['why'],
    'a registry that was skipped is scraped, or asks for nothing any more',
  ),

  FilesWritten: kind('info', 'Wrote Prometheus files', ['written', 'deleted'], 'files of Prometheus changed'),
  ReloadConfirmed: kind('info', 'Prometheus reloaded', ['at'], 'Prometheus confirmed a new configuration'),
  ReloadRefused: kind(
    'warn',
    BEHIND,
    ['fault'],
    'Prometheus refused the configuration; the last good one is in force',
  ),
  ReloadOwed: kind('warn', BEHIND, ['fault'], 'Prometheus could not be reloaded yet'),
  FilesWithheld: kind('warn', BEHIND, ['fault'], 'the files could not be written, or must not be yet'),
  PrometheusCurrent: kind(
    'info',
    'Prometheus has the newest files again',
    [],
    'they reached Prometheus after one of the three above',
  ),
  VersionRefused: kind(
    'warn',
    'Prometheus refuses a version of a document; all other jobs are live',
    ['scrapeTarget', 'message'],
    'it was found to be what makes Prometheus refuse; the version before stays, all others are live',
  ),

  EventsDropped: kind(
    'warn',
    'Events dropped',
    ['dropped', 'since'],
    'so many events since then could not be stored and are lost: the event log was away for too long',
  ),
} as const satisfies Record<string, EventKind>;

export type EventName = keyof typeof EVENTS;

/** Something that happened, with what its kind carries. */
export type OperatorEvent = {
  readonly [N in EventName]: { readonly name: N } & Pick<EventFields, (typeof EVENTS)[N]['fields'][number]>;
}[EventName];
