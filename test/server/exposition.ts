/** Samples of the text format by series, written as Prometheus writes them: `name{label="value"}`. */
export function parseExposition(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const end = line.lastIndexOf(' ');
    const series = line.slice(0, end);
    if (samples.has(series)) throw new Error(`The series ${series} is there twice.`);
    samples.set(series, Number(line.slice(end + 1)));
  }
  return samples;
}

/** `# TYPE` by metric name. */
export function typesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
}
