import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType, createUnionType } from 'type-graphql';
import { z } from 'zod';

import type {
  AuthenticationRequirement as Requirement,
  DeniedAction as Denied,
  FlowDesignation as Designation,
  InvalidResponseAction as InvalidResponse,
  PolicyEngineMode as Mode,
} from '../../flow/definition.js';
import { promptFieldFields } from '../../flow/definition-rules.js';
import { Needs } from '../access-rules.js';
import { outputType } from '../derive.js';
import { GraphQLDuration } from '../duration-scalar.js';
import {
  AuthenticationRequirement,
  DeniedAction,
  FlowDesignation,
  InvalidResponseAction,
  PolicyEngineMode,
} from '../enums.js';
import { tagOf } from '../tag.js';
import type { ConfigTypes } from './config.js';
import { FlowFacts } from './flow-info.js';
import { Group, User } from './people.js';

const VERSION = { description: 'Goes up with each change of it, for `ifVersion`.' };

/** The objects that administrators compose flows of. */
export function managementTypes(stageConfigs: ConfigTypes, policyConfigs: ConfigTypes) {
  @Needs('FLOW_VIEW')
  @ObjectType('Flow', { description: 'A flow, as administrators see it.' })
  class Flow extends FlowFacts {
    @Field(() => ID, { description: 'Names the flow.' })
    id!: string;

    @Field(() => Int, {
      description: 'Goes up with each change of it or of the stages that stand in it, for `ifVersion`.',
    })
    version!: number;

    @Field(() => Int, { description: 'The number of its newest version, of those in `versions`.' })
    currentVersion!: number;

    @Field(() => String, { description: 'What administrators call it.' })
    name!: string;

    @Field(() => AuthenticationRequirement, { description: 'What must be true of the caller.' })
    authentication!: Requirement;

    @Field(() => DeniedAction, { description: 'What happens to somebody whom it does not let in.' })
    deniedAction!: Denied;

    @Field(() => PolicyEngineMode, { description: 'How its bindings decide together.' })
    policyEngineMode!: Mode;

    @Field(() => [FlowStageBinding], { description: 'In execution order.' })
    stageBindings!: FlowStageBinding[];

    @Field(() => [PolicyBinding], { description: 'Who may use the flow, in evaluation order.' })
    policyBindings!: PolicyBinding[];

    @Field(() => String, { description: 'The flow as a Mermaid graph.' })
    diagram!: string;
  }

  @Needs('STAGE_BINDING_VIEW')
  @ObjectType({ description: "A stage's place in a flow." })
  class FlowStageBinding {
    @Field(() => ID, { description: 'Names the binding.' })
    id!: string;

    @Field(() => Int, VERSION)
    version!: number;

    @Field(() => Flow, { description: 'The flow.' })
    flow!: object;

    @Field(() => Stage, { description: 'The stage.' })
    stage!: object;

    @Field(() => Int, { description: 'Its place: lower numbers come first.' })
    order!: number;

    @Field(() => Boolean, { description: 'Evaluate when the flow is planned.' })
    evaluateOnPlan!: boolean;

    @Field(() => Boolean, { description: 'Evaluate when the stage is run.' })
    reEvaluatePolicies!: boolean;

    @Field(() => InvalidResponseAction, {
      description: 'What follows an answer that the stage does not accept.',
    })
    invalidResponseAction!: InvalidResponse;

    @Field(() => PolicyEngineMode, { description: 'How its bindings decide together.' })
    policyEngineMode!: Mode;

    @Field(() => [PolicyBinding], { description: 'Whether the stage applies, in evaluation order.' })
    policyBindings!: PolicyBinding[];
  }

  @Needs('STAGE_VIEW')
  @ObjectType({ description: 'One step of verification or logic, which any number of flows can use.' })
  class Stage {
    @Field(() => ID, { description: 'Names the stage.' })
    id!: string;

    @Field(() => Int, VERSION)
    version!: number;

    @Field(() => String, { description: 'What administrators call it; unique.' })
    name!: string;

    @Field(() => stageConfigs.kindEnum, { description: 'What kind of stage it is.' })
    kind!: string;

    @Field(() => stageConfigs.union, { description: 'What administrators have decided about it.' })
    config!: object;

    @Field(() => [Flow], { description: 'The flows that it is bound to.' })
    flows!: object[];
  }

  @Needs('POLICY_VIEW')
  @ObjectType({ description: 'A check that can be bound to flows and to stages in flows.' })
  class Policy {
    @Field(() => ID, { description: 'Names the policy.' })
    id!: string;

    @Field(() => Int, VERSION)
    version!: number;

    @Field(() => String, { description: 'What administrators call it; unique.' })
    name!: string;

    @Field(() => policyConfigs.kindEnum, { description: 'What kind of policy it is.' })
    kind!: string;

    @Field(() => policyConfigs.union, { description: 'What administrators have decided about it.' })
    config!: object;

    @Field(() => Boolean, { description: 'Whether each evaluation is recorded, and not only errors.' })
    executionLogging!: boolean;

    @Field(() => Int, {
      description: 'How many bindings it has, and how many stages have their answers judged by it.',
    })
    boundTo!: number;

    @Field(() => [Policy], { description: 'The policies that its configuration calls, by name.' })
    calls!: object[];

    @Field(() => [Policy], { description: 'The policies that call it, by name.' })
    calledBy!: object[];
  }

  @Needs('POLICY_BINDING_VIEW')
  @ObjectType({ description: 'Puts a policy, a group or a person before a flow, or before a stage in one.' })
  class PolicyBinding {
    @Field(() => ID, { description: 'Names the binding.' })
    id!: string;

    @Field(() => Int, VERSION)
    version!: number;

    @Field(() => PolicyTarget, { description: 'What is guarded.' })
    target!: object;

    @Field(() => PolicySubject, { description: 'What decides.' })
    subject!: object;

    @Field(() => Int, { description: 'Its place: lower numbers come first.' })
    order!: number;

    @Field(() => Boolean, { description: 'Whether it takes part at all.' })
    enabled!: boolean;

    @Field(() => Boolean, { description: 'Whether its result is turned round.' })
    negate!: boolean;

    @Field(() => GraphQLDuration, {
      description: 'Longest evaluation; past it the policy has failed with an error.',
    })
    timeout!: string;

    @Field(() => Boolean, {
      description:
        'Where evaluating ended in an error: true counts as passed; false denies the flow. An error never skips a stage.',
    })
    failureResult!: boolean;

    @Field(() => GraphQLDateTime, {
      nullable: true,
      description: 'From when on it takes no part any more; null for never.',
    })
    expiresAt!: Date | null;
  }

  const PolicyTarget = createUnionType({
    name: 'PolicyTarget',
    description: 'What a binding guards.',
    types: () => [Flow, FlowStageBinding],
    resolveType: tagOf,
  });

  const PolicySubject = createUnionType({
    name: 'PolicySubject',
    description:
      'What a binding asks: a policy, whether the person is in a group, or whether it is this person.',
    types: () => [Policy, Group, User],
    resolveType: tagOf,
  });

  const PromptField = outputType(
    'PromptField',
    'One field of a form, reusable by any prompt stage.',
    promptFieldFields.extend({
      id: z.uuid().describe('Names the field.'),
      version: z.int().describe(VERSION.description),
    }),
    Needs('PROMPT_FIELD_VIEW'),
  );

  @Needs('SETTINGS_VIEW')
  @ObjectType({ description: 'Which flow a designation means.' })
  class DefaultFlow {
    @Field(() => FlowDesignation, { description: 'The designation.' })
    designation!: Designation;

    @Field(() => Flow, {
      nullable: true,
      description: 'What is tried first; null where it is simply the first by slug that the caller may use.',
    })
    flow!: object | null;
  }

  return { Flow, FlowStageBinding, Stage, Policy, PolicyBinding, PromptField, DefaultFlow };
}

export type ManagementTypes = ReturnType<typeof managementTypes>;
