// Seam: the library types any JSON as `any`.
// type-coverage:ignore-next-line
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';

import type { Json } from '../../kernel/json.js';
import type { FlowVersionReason as Reason } from '../../flow/flow-versions.js';
import type { DifferenceKind as Kind } from '../../blueprints/differences.js';
import { AsReached, Needs } from '../access-rules.js';
import { DifferenceKind, FlowVersionReason } from '../enums.js';
import { User } from './people.js';

/** Whoever reads what a flow was like must be allowed to see what it consisted of. */
export const WHAT_IS_IN_IT = [
  'FLOW_VIEW',
  'STAGE_VIEW',
  'STAGE_BINDING_VIEW',
  'PROMPT_FIELD_VIEW',
  'POLICY_VIEW',
  'POLICY_BINDING_VIEW',
] as const;

export const ITS_SUBJECTS =
  'Where groups or people stand in it, who asks must be able to see groups or accounts as well.';

@AsReached()
@ObjectType({ description: 'One thing in which a flow differs from what it was in another version.' })
export class FlowDifference {
  @Field(() => String, {
    description:
      'An object or a field of one, such as `stage:captcha.config.siteKey`; places and guards stand below what they belong to, with their order: `flow:login / stage:captcha @ 20 / policy:often @ 0.negate`.',
  })
  path!: string;

  @Field(() => DifferenceKind, { description: 'Whether it is new, gone, or another one.' })
  kind!: Kind;

  @Field(() => GraphQLJSON, { nullable: true, description: 'What it was; null where it is new.' })
  before!: Json;

  @Field(() => GraphQLJSON, { nullable: true, description: 'What it is; null where it is gone.' })
  after!: Json;
}

@Needs('FLOW_VIEW')
@ObjectType({
  description: 'What a flow was like from one change to the next, with everything that it consists of.',
})
export class FlowVersion {
  @Field(() => Int, { description: 'Counts from 1, without a gap.' })
  number!: number;

  @Field(() => FlowVersionReason, { description: 'Why there is this version.' })
  reason!: Reason;

  @Field(() => GraphQLDateTime, { description: 'Since when.' })
  createdAt!: Date;

  @Field(() => User, {
    nullable: true,
    description: 'Who made it; null where the service itself did, or the account is gone.',
  })
  author!: object | null;

  @Field(() => ID, { nullable: true, description: 'The API token that it was made with.' })
  apiTokenId!: string | null;

  @Needs(...WHAT_IS_IN_IT)
  @Field(() => String, {
    description: `What the flow was like, as a document in YAML that can be imported: its stages, fields and policies, and other flows by name. Secrets are only named. ${ITS_SUBJECTS}`,
  })
  document!: string;

  @Needs(...WHAT_IS_IN_IT)
  @Field(() => [FlowDifference], {
    description: `In what it differs from the version before; for the first one, everything. ${ITS_SUBJECTS}`,
  })
  changes!: readonly FlowDifference[];
}
