import { EVENTS, type EventName } from '../../controller/status/events.ts';

const HEADER = `# Events reference

<!-- Generated from controller/status/events.ts by "npm run generate": change the table there instead. -->

What \`scrapectl run\` and \`scrapectl apply\` tell: each is a line of the log of \`run\`, and with \`--event-log-group\` an
event in CloudWatch Logs. [Events](../events.md) says how to keep and query them. Beside the fields listed here, each
has \`time\`, \`level\`, \`msg\`, \`event\` (the name), \`id\`, \`owner\` and \`verb\`.

| Event | Level | Told when | Fields |
| --- | --- | --- | --- |
`;

/** The reference of events as Markdown, in the order of their table: what belongs together stands together. */
export function eventsReference(): string {
  const names = Object.keys(EVENTS).filter((name): name is EventName => name in EVENTS);
  return `${HEADER}${names.map(row).join('\n')}\n`;
}

function row(name: EventName): string {
  const { level, when, fields } = EVENTS[name];
  return `| \`${name}\` | ${level} | ${when} | ${fields.map((field) => `\`${field}\``).join(', ')} |`;
}
