import { Document, Scalar, visit } from 'yaml';

import type { JsonObject } from '../kernel/json.js';

export const documentFormats = {
  YAML: 'For people: YAML 1.2.',
  JSON: 'For programs: JSON, which is YAML as well.',
} as const;

export type DocumentFormat = keyof typeof documentFormats;

/** By this line editors find the schema in a file beside the document. */
const SCHEMA_LINE = ' yaml-language-server: $schema=blueprint.schema.json';

/** What can stand in a block as it is; what begins with blanks, and other characters, is written between quotes. */
const PLAIN_LINES =
  /^(?!\s)[\t\n\x20-\x7E\u00A0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** A document as people read it: block style in YAML, and what has several lines as a block of its own. */
export function documentText(document: JsonObject, format: DocumentFormat): string {
  if (format === 'JSON') return `${JSON.stringify(document, null, 2)}\n`;
  // What other readers of YAML take for true, false or a number is between quotes as well.
  const whole = new Document(document, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(whole, { Scalar: (_key, node) => chooseStyle(node) });
  whole.commentBefore = SCHEMA_LINE;
  return whole.toString({ lineWidth: 0, blockQuote: 'literal' });
}

function chooseStyle(node: Scalar): void {
  const { value } = node;
  if (typeof value === 'string' && !PLAIN_LINES.test(value)) node.type = Scalar.QUOTE_DOUBLE;
}
