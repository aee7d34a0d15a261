/** How long each step takes, in milliseconds of the sandbox's clock. AWS promises none of these. */
export interface EcsTiming {
  /** From a change of a service to what the scheduler does about it. */
  readonly scheduler: number;
  readonly provisioning: number;
  readonly pending: number;
  readonly activating: number;
  /** From RUNNING to HEALTHY, for tasks with a container health check. */
  readonly healthCheck: number;
  readonly deactivating: number;
  readonly stopping: number;
  readonly deprovisioning: number;
  /** From ACTIVATING to the registration in Cloud Map. */
  readonly registration: number;
  /** From DEACTIVATING to the deregistration: tens of seconds have been seen. */
  readonly deregistration: number;
  /** After a task that failed to start. */
  readonly retry: number;
  /** Stopped tasks and deleted services stay visible this long. */
  readonly retention: number;
}

const HOUR = 3_600_000;

/** Steps as slow as an AWS user is used to. */
export const realisticTiming: EcsTiming = {
  scheduler: 1_000,
  provisioning: 8_000,
  pending: 6_000,
  activating: 3_000,
  healthCheck: 10_000,
  deactivating: 2_000,
  stopping: 5_000,
  deprovisioning: 5_000,
  registration: 0,
  deregistration: 10_000,
  retry: 5_000,
  retention: HOUR,
};

/** A whole rollout in a few seconds, for people who watch. */
export const quickTiming: EcsTiming = {
  scheduler: 200,
  provisioning: 500,
  pending: 700,
  activating: 500,
  healthCheck: 500,
  deactivating: 300,
  stopping: 500,
  deprovisioning: 300,
  registration: 0,
  deregistration: 1_000,
  retry: 1_000,
  retention: HOUR,
};
