import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';

import { Refusal } from '../kernel/refusal.js';
import { documentRefusals } from './known-documents.js';

/** A fault that was masked: told to the log, under the id that the client was told. */
export interface Fault {
  readonly correlationId: string;
  readonly error: unknown;
}

export interface ErrorTranslation {
  /** Whether an error means that the database cannot be reached now. */
  isUnavailable(error: unknown): boolean;
  report(fault: Fault): void;
  newId(): string;
}

/**
 * The one place where errors become what clients see. Refusals keep their code; what graphql-js says about the
 * document passes, less the values that it quotes; everything else is masked.
 */
export function errorTranslator(parts: ErrorTranslation) {
  return (formatted: GraphQLFormattedError, raw: unknown): GraphQLFormattedError => {
    const error = unwrapResolverError(raw);
    const { path, locations } = formatted;
    const place = { ...(path && { path }), ...(locations && { locations }) };
    if (error instanceof Refusal)
      return { ...place, message: error.message, extensions: refusalExtensions(error) };
    if (isAboutTheDocument(formatted)) {
      const code = formatted.extensions?.code;
      return { ...place, message: withoutValues(formatted.message), extensions: { code } };
    }
    const correlationId = parts.newId();
    parts.report({ correlationId, error });
    if (parts.isUnavailable(error)) {
      const message = 'The service cannot answer at the moment. Nothing was decided; try again.';
      return { ...place, message, extensions: { code: 'UNAVAILABLE', correlationId } };
    }
    const message = 'Something went wrong on our side. Quote the correlation id to an administrator.';
    return { ...place, message, extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId } };
  };
}

function refusalExtensions({ code, details }: Refusal): Record<string, unknown> {
  return {
    code,
    ...details,
  };
}

const documentCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  ...Object.keys(documentRefusals),
]);

/** Found wrong before anything ran: what a resolver throws has a path, whatever code it says it has. */
function isAboutTheDocument(formatted: GraphQLFormattedError): boolean {
  const code = formatted.extensions?.code;
  return formatted.path === undefined && typeof code === 'string' && documentCodes.has(code);
}

/** graphql-js quotes values that do not fit, and a value may be a password. */
function withoutValues(message: string): string {
  const variable = /^Variable "(\$\w+)" got invalid value [\s\S]*? at "([\w.[\]]+)"; ?([\s\S]*)$/.exec(
    message,
  );
  if (variable)
    return `Variable "${variable[1]}" does not fit at "${variable[2]}". ${reasonOf(variable[3] ?? '')}`.trim();
  const whole = /^Variable "(\$\w+)" got invalid value [\s\S]*?; ?([\s\S]*)$/.exec(message);
  if (whole) return `Variable "${whole[1]}" does not fit. ${reasonOf(whole[2] ?? '')}`.trim();
  if (message.startsWith('Syntax Error: ')) return withoutLexemes(message);
  return message
    .replace(/^Value "[\s\S]*" (?=does not exist in "\w+" enum)/, 'The value ')
    .replace(/(cannot represent [^:]*|Expected value of type "[^"]*")(?:, found|:)[\s\S]*$/, '$1.');
}

/** A text in the wrong place is named by its kind alone; its location says which one it is. */
function withoutLexemes(message: string): string {
  return message
    .replace(/\b(BlockString|String|Int|Float|Name) "[\s\S]*"/, '$1')
    .replace(/(escape sequence): [\s\S]*$/, '$1.');
}

/** Of graphql-js's reasons only those that name no value. */
function reasonOf(reason: string): string {
  const known =
    /^(Field "[\w.]+" (?:of required type "[\w![\]]+" was not provided|is not defined by type "[\w]+")|Exactly one key must be specified for OneOf type "\w+"|(?:\w+|Enum "\w+") cannot represent [\w -]*value)/;
  const found = known.exec(reason) ?? /(?<=^Value "[\s\S]*" )(does not exist in "\w+" enum)/.exec(reason);
  if (!found) return '';
  return reason.startsWith('Value ') ? `The value ${found[1]}.` : `${found[1]}.`;
}
