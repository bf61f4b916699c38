import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

import { durationText } from '../kernel/duration.js';

/** ISO 8601, such as PT30M or P30D; months and years are refused, because their length is not fixed. */
export const GraphQLDuration = new GraphQLScalarType<string, string>({
  name: 'Duration',
  description: 'ISO 8601, such as PT30M or P30D. Weeks, days, hours, minutes and seconds.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#appendix-A',
  serialize: parse,
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});

function parse(value: unknown): string {
  const parsed = durationText.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GraphQLError(parsed.error.issues[0]?.message ?? 'Not a duration.', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
