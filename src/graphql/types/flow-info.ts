import { Field, ObjectType } from 'type-graphql';

import type { FlowDesignation as Designation, FlowLayout as Layout } from '../../flow/definition.js';
import { Public } from '../access-rules.js';
import { FlowDesignation, FlowLayout } from '../enums.js';

/** What clients and administrators alike see of a flow. Who may see it is for the types that have it to say. */
@ObjectType()
export class FlowFacts {
  @Field(() => String, { description: 'Names the flow in startFlow and in addresses.' })
  slug!: string;

  @Field(() => String, { description: 'What to call the flow on screen.' })
  title!: string;

  @Field(() => FlowDesignation, { description: 'What the flow is for.' })
  designation!: Designation;

  @Field(() => FlowLayout, { description: 'A hint for how to lay out its screens.' })
  layout!: Layout;

  @Field(() => String, { nullable: true, description: 'A picture to show behind it.' })
  backgroundUrl!: string | null;
}

@Public()
@ObjectType({ description: 'What a client may know about a flow without being an administrator.' })
export class FlowInfo extends FlowFacts {}
