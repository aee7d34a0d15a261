/** Colours are the caller's: only it knows the terminal. */
export interface Palette {
  readonly create: (text: string) => string;
  readonly update: (text: string) => string;
  readonly delete: (text: string) => string;
  readonly disruptive: (text: string) => string;
  readonly adopt: (text: string) => string;
  readonly blocked: (text: string) => string;
  readonly heading: (text: string) => string;
  readonly dim: (text: string) => string;
}

const asIs = (text: string): string => text;

export const PLAIN: Palette = {
  create: asIs,
  update: asIs,
  delete: asIs,
  disruptive: asIs,
  adopt: asIs,
  blocked: asIs,
  heading: asIs,
  dim: asIs,
};
