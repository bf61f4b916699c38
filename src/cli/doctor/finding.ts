/** What the doctor looks at, in this order. */
export const areas = [
  'configuration',
  'files',
  'database',
  'clock',
  'keys',
  'mail',
  'definitions',
  'documents',
  'people',
] as const;

export type Area = (typeof areas)[number];

/** What the doctor has seen. */
export interface Finding {
  readonly area: Area;
  /** With a problem, something does not work; a warning is worth a second look. */
  readonly level: 'OK' | 'WARNING' | 'PROBLEM';
  readonly message: string;
  /** What to do about it. */
  readonly advice: string | null;
}

export function fine(area: Area, message: string): Finding {
  return { area, level: 'OK', message, advice: null };
}

export function warning(area: Area, message: string, advice: string): Finding {
  return { area, level: 'WARNING', message, advice };
}

export function problem(area: Area, message: string, advice: string): Finding {
  return { area, level: 'PROBLEM', message, advice };
}
