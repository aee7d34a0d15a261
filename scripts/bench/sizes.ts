/** A fleet to measure: that many ECS services, each with as many tasks. */
export interface Size {
  readonly services: number;
  readonly tasksPerService: number;
}

export const SIZES: readonly Size[] = [
  { services: 10, tasksPerService: 5 },
  { services: 100, tasksPerService: 10 },
  { services: 1000, tasksPerService: 10 },
];

export function sizeTitle({ services, tasksPerService }: Size): string {
  return `${services.toLocaleString('en-US')}/${(services * tasksPerService).toLocaleString('en-US')}`;
}
