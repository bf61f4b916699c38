import { isIP } from 'node:net';

import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType } from 'type-graphql';

import type { JsonObject } from '../kernel/json.js';
import { Refusal } from '../kernel/refusal.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { misshapenEntries } from '../flow/context-keys.js';
import type { FlowInfo } from '../flow/definition.js';
import type { Locations } from '../flow/services/locations.js';
import type { ClientFacts } from '../flow/stage-kind.js';

/** What is told of the flow where none is named. */
export const SOME_FLOW: FlowInfo = {
  slug: '',
  title: '',
  designation: 'AUTHENTICATION',
  layout: 'STACKED',
  backgroundUrl: null,
};

/** Under what circumstances something is tried out. */
@InputType()
export class Circumstances {
  @Field(() => String, {
    nullable: true,
    description: 'From which address; that of this request where it is left out.',
  })
  clientIp?: string | null;

  @Field(() => String, { nullable: true, description: 'What the client calls itself.' })
  userAgent?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'What the execution knows beforehand, such as { pendingUser: { id, identifier }, promptData: { … } }.',
  })
  context?: JsonObject | null;
}

/** The client as the circumstances have it, and where its address is. */
export function clientOf(
  { clientIp, userAgent }: Circumstances,
  own: ClientFacts,
  locations: Locations,
): ClientFacts {
  if (clientIp != null && isIP(clientIp) === 0) {
    const message = 'Must be an IPv4 or IPv6 address.';
    throw Refusal.badInput([{ path: 'input.clientIp', code: 'INVALID', message }]);
  }
  const address = clientIp ?? own.address;
  return { ...own, address, userAgent: userAgent ?? own.userAgent, location: locations.of(address) };
}

/** What is known beforehand; refused where an entry is not what stages read under its name. */
export function knownBeforehand({ context }: Circumstances): JsonObject {
  const known = context ?? {};
  const [first, ...rest] = misshapenEntries(known).map((key): FieldProblem => {
    const message = 'Is not what stages read under this name.';
    return { path: `input.context.${key}`, code: 'INVALID', message };
  });
  if (first) throw Refusal.badInput([first, ...rest]);
  return known;
}
