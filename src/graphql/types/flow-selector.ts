import { Field, InputType } from 'type-graphql';

import type { FlowDesignation as Designation } from '../../flow/definition.js';
import type { FlowSelector as Selector } from '../../flow/runner.js';
import { Refusal } from '../../kernel/refusal.js';
import { FlowDesignation } from '../enums.js';
import { OneOf } from '../one-of.js';

@OneOf('FlowSelector')
@InputType({ description: 'Which flow to run.' })
export class FlowSelector {
  @Field(() => String, { nullable: true, description: 'The flow with this slug.' })
  slug?: string | null;

  @Field(() => FlowDesignation, {
    nullable: true,
    description: 'The first flow with this designation, by slug, that the caller may use.',
  })
  designation?: Designation | null;
}

export function selectorOf({ slug, designation }: FlowSelector): Selector {
  if (slug != null) return { slug };
  if (designation != null) return { designation };
  throw Refusal.badInput([
    { path: 'input.flow', code: 'REQUIRED', message: 'Name a slug or a designation.' },
  ]);
}
