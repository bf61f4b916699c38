import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Field, Float, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { Context } from '../../flow/context.js';
import type { PolicyDefinition } from '../../flow/definition.js';
import { policyInput } from '../../flow/policy-input.js';
import { testPolicy } from '../../flow/policy-test.js';
import type { FlowUser } from '../../flow/services/users.js';
import { simulatedPolicyServices } from '../../flow/simulated-services.js';
import { checkPolicyConfig } from '../../policies/configuration.js';
import type { PolicyKindDefinition } from '../../policies/define.js';
import { AsReached, Needs } from '../access-rules.js';
import { Circumstances, SOME_FLOW, clientOf, knownBeforehand } from '../circumstances.js';
import type { RequestContext } from '../context.js';
import { found } from '../edit.js';
import { checked, refusedAt } from '../input.js';
import { readConfigInput } from '../kind-input.js';
import type { ConfigTypes } from '../types/config.js';
import { PolicyCall } from '../types/trace.js';
import { proofKinds } from '../../flow/proof.js';

const LONGEST_PASSWORD = 1024;

@AsReached()
@ObjectType({ description: 'Something that a policy wants to have in the event log.' })
class PolicyEvent {
  @Field(() => String, { description: 'What the policy calls it.' })
  name!: string;

  @Field(() => GraphQLJSONObject, { description: 'What there is to know of it.' })
  details!: JsonObject;
}

@AsReached()
@ObjectType({ description: 'What a policy came to when it was tried out.' })
class PolicyTestResult {
  @Field(() => Boolean, { description: 'Whether it passes.' })
  passing!: boolean;

  @Field(() => [String], { description: 'What it has to say to the person.' })
  messages!: readonly string[];

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What it came to before that was read as a verdict, as { value }; null where it failed.',
  })
  rawResult!: JsonObject | null;

  @Field(() => [String], { description: 'What it has to say to administrators.' })
  log!: readonly string[];

  @Field(() => String, { nullable: true, description: 'Why it came to no result; it counts as failed then.' })
  error!: string | null;

  @Field(() => GraphQLJSONObject, { description: 'What it has looked at to decide, by name.' })
  read!: JsonObject;

  @Field(() => [String], {
    description: 'Where in its configuration it was decided, as paths; empty where there is one place only.',
  })
  decidedBy!: readonly string[];

  @Field(() => [PolicyCall], { description: 'The policies that it has asked, in order.' })
  calls!: readonly PolicyCall[];

  @Field(() => [PolicyEvent], { description: 'What would have been recorded.' })
  events!: readonly PolicyEvent[];

  @Field(() => GraphQLJSONObject, { description: 'What would have been written into the context, by entry.' })
  written!: JsonObject;

  @Field(() => Float, { description: 'How long it took.' })
  milliseconds!: number;
}

/** Trying policies out, for administrators. */
export function policyTesting(configs: ConfigTypes, kinds: readonly PolicyKindDefinition[]): ClassType {
  @InputType()
  class PolicyCircumstances extends Circumstances {
    @Field(() => String, { nullable: true, description: 'The slug of the flow in which it is asked.' })
    flowSlug?: string | null;

    @Field(() => Boolean, {
      nullable: true,
      description: 'Whether the person is signed in as well. Default: false.',
    })
    signedIn?: boolean | null;

    @Field(() => [String], {
      nullable: true,
      description: `What the run has verified of the person: ${proofKinds.join(', ')}. Default: nothing.`,
    })
    methods?: string[] | null;

    @Field(() => String, {
      nullable: true,
      description: 'What has been typed into a form as the new password. It is compared with no stored one.',
    })
    newPassword?: string | null;
  }

  @InputType({ description: 'Which policy to try out, for whom, and under what circumstances.' })
  class TestPolicyInput extends PolicyCircumstances {
    @Field(() => ID, { description: 'Which policy.' })
    policyId!: string;

    @Field(() => ID, { description: 'For whom.' })
    userId!: string;
  }

  @InputType({ description: 'A policy that need not be saved, for whom to try it out, and how.' })
  class TestPolicyDraftInput extends PolicyCircumstances {
    @Field(() => configs.input, { description: 'Its kind, and what to decide about it.' })
    config!: object;

    @Field(() => String, {
      nullable: true,
      description: 'The name of the policy that it is a new version of: then it may not call that.',
    })
    name?: string | null;

    @Field(() => ID, { nullable: true, description: 'For whom; null for nobody.' })
    userId?: string | null;
  }

  @Resolver()
  class PolicyTesting {
    @Needs('POLICY_CHANGE', 'USER_VIEW')
    @Mutation(() => PolicyTestResult, {
      description: 'Evaluate one policy for one user, without side effects.',
    })
    async testPolicy(
      @Arg('input', () => TestPolicyInput, { description: 'What to try out.' }) input: TestPolicyInput,
      @Ctx() context: RequestContext,
    ): Promise<PolicyTestResult> {
      const policy = found('policy', (await context.catalogue()).policy(input.policyId));
      return tried(policy, found('user', await context.users.load(input.userId)), input, context);
    }

    @Needs('POLICY_CHANGE', 'USER_VIEW')
    @Mutation(() => PolicyTestResult, {
      description:
        'Evaluate a policy that need not be saved, for one user or nobody, without side effects. It is checked as if it were to be saved.',
    })
    async testPolicyDraft(
      @Arg('input', () => TestPolicyDraftInput, { description: 'What to try out.' })
      input: TestPolicyDraftInput,
      @Ctx() context: RequestContext,
    ): Promise<PolicyTestResult> {
      const catalogue = await context.catalogue();
      const before = input.name == null ? undefined : found('policy', catalogue.policyByName(input.name));
      const { kind, config, path } = readConfigInput(kinds, configs, input.config, before);
      const result = checkPolicyConfig(kind, config, context.policyServices, catalogue, before?.name);
      if (!result.ok) throw refusedAt(path, result.problems);
      const draft = {
        id: before?.id ?? '',
        version: before?.version ?? 0,
        name: before?.name ?? 'draft',
        kind: kind.name,
        config: result.config,
        executionLogging: false,
        calls: result.calls.map(({ id }) => id),
      };
      const user = input.userId == null ? null : found('user', await context.users.load(input.userId));
      return tried(draft, user, input, context);
    }
  }

  async function tried(
    policy: PolicyDefinition,
    user: FlowUser | null,
    input: PolicyCircumstances,
    context: RequestContext,
  ): Promise<PolicyTestResult> {
    const { catalogue, client: own, now } = await context.visit('BROWSER');
    const client = clientOf(input, own, context.locations);
    const { flowSlug, newPassword } = input;
    const flow = flowSlug == null ? SOME_FLOW : found('flow', catalogue.flowBySlug(flowSlug));
    const proofs = checked(
      z.array(z.enum(proofKinds)).max(proofKinds.length),
      input.methods ?? [],
      'input.methods',
    );
    const password = checked(z.string().max(LONGEST_PASSWORD).nullish(), newPassword, 'input.newPassword');
    const signedIn = input.signedIn === true && user !== null;
    const told = policyInput(
      { client, now, viewer: signedIn ? user : null },
      {
        ...{ flow, user, signedInRecently: signedIn, proofs, redirectedFrom: null, mayWrite: true },
        context: new Context(knownBeforehand(input), {}),
        newPasswords: password == null ? {} : { password },
      },
    );
    const { policies } = context.engine;
    const parts = { ...policies, services: simulatedPolicyServices(policies.services) };
    const { rawResult, ...tested } = await testPolicy(parts, policy, {
      input: told,
      policyByName: (name) => catalogue.policyByName(name),
    });
    return { ...tested, rawResult: tested.error === null ? { value: rawResult } : null };
  }

  return PolicyTesting;
}
