/** Key of an ECS service in every map: the cluster as the document writes it (name or ARN), reduced to its name. */
export function serviceKey(ref: { readonly cluster: string; readonly service: string }): string {
  return `${lastSegment(ref.cluster)}/${lastSegment(ref.service)}`;
}

/** Key of a registry: Cloud Map service names may hold dots, but never a slash. */
export function registryKey(ref: { readonly namespace: string; readonly name: string }): string {
  return `${ref.namespace}/${ref.name}`;
}

/** The part after the last slash: the name in an ARN, a task id in a task ARN, or the text itself. */
export function lastSegment(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
}

/** Byte order, the same on every machine and in every locale: what "sorted" means in all our output. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
