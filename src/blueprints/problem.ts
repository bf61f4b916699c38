import { z } from 'zod';

import type { ProblemCode } from '../kernel/problem-codes.js';

/** From the document's root to a place in it. */
export type Path = readonly (string | number)[];

/** Something that whoever wrote a document should know of. */
export interface BlueprintProblem {
  /** Into the document as it was given, such as `entries[3].config.userFields`; empty for the document as a whole. */
  readonly path: string;
  readonly code: ProblemCode;
  readonly message: string;
  /** With an error nothing is applied; a warning says what the document asks for and does not get. */
  readonly severity: 'ERROR' | 'WARNING';
}

/** Such as `entries[3].config.userFields`. */
export function pathText(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w$-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** The place that a text of `pathText` means. */
export function placeOf(text: string): Path {
  const parts = text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([\w$-]+)/g);
  return [...parts].map(([, index, quoted, name = '']) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? name : quotedText.parse(JSON.parse(quoted));
  });
}

const quotedText = z.string();

export function errorAt(path: Path, code: ProblemCode, message: string): BlueprintProblem {
  return { path: pathText(path), code, message, severity: 'ERROR' };
}

export function warningAt(path: Path, code: ProblemCode, message: string): BlueprintProblem {
  return { path: pathText(path), code, message, severity: 'WARNING' };
}
