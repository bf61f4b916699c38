import { Arg, Ctx, Field, ID, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import type { PolicyDefinition } from '../../flow/definition.js';
import { policyName } from '../../flow/definition-rules.js';
import type { PolicyFields } from '../../flow/definition-store.js';
import { checkPolicyConfig } from '../../policies/configuration.js';
import type { PolicyKindDefinition } from '../../policies/define.js';
import { Needs } from '../access-rules.js';
import { AFTER, FIRST, byName, connectionType, pageOf } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { IF_VERSION, deletingUnused, edit, found, versionBefore } from '../edit.js';
import { checked, plain, refusedAt } from '../input.js';
import { filtered, readConfigInput } from '../kind-input.js';
import { nameOrder } from '../name-order.js';
import type { ConfigTypes } from '../types/config.js';
import type { ManagementTypes } from '../types/management.js';

/** Policies, for administrators. */
export function policyManagement(
  { Policy }: ManagementTypes,
  configs: ConfigTypes,
  kinds: readonly PolicyKindDefinition[],
): ClassType {
  const PolicyConnection = connectionType('Policy', () => Policy);
  const PolicyOrder = nameOrder('PolicyOrder');

  @InputType({ description: 'Which policies to list; all conditions hold.' })
  class PolicyFilter {
    @Field(() => configs.kindEnum, { nullable: true, description: 'Of this kind.' })
    kind?: string | null;

    @Field(() => String, { nullable: true, description: 'With this in the name, whatever the case.' })
    search?: string | null;
  }

  @InputType({ description: 'A new policy.' })
  class CreatePolicyInput {
    @Field(() => String, { description: 'What administrators call it; unique.' })
    name!: string;

    @Field(() => Boolean, {
      defaultValue: false,
      description: 'Record each evaluation, and not only errors.',
    })
    executionLogging!: boolean;

    @Field(() => configs.input, { description: 'Its kind, and what to decide about it.' })
    config!: object;
  }

  @InputType({ description: 'What to change; the rest is left alone.' })
  class UpdatePolicyInput {
    @Field(() => String, { nullable: true, description: 'What administrators call it; unique.' })
    name?: string | null;

    @Field(() => Boolean, { nullable: true, description: 'Record each evaluation, and not only errors.' })
    executionLogging?: boolean | null;

    @Field(() => configs.input, { nullable: true, description: 'Of the same kind as before.' })
    config?: object | null;
  }

  @Resolver()
  class PolicyManagement {
    @Needs('POLICY_VIEW')
    @Query(() => Policy, { nullable: true, description: 'A policy by id or by name.' })
    async policy(
      @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
      @Arg('name', () => String, { nullable: true, description: 'Its name.' }) name: string | null,
      @Ctx() context: RequestContext,
    ): Promise<PolicyDefinition | null> {
      const catalogue = await context.catalogue();
      if (id != null) return catalogue.policy(id) ?? null;
      return catalogue.policies.find((policy) => policy.name === name) ?? null;
    }

    @Needs('POLICY_VIEW')
    @Query(() => PolicyConnection, { description: 'A page of policies.' })
    async policies(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => PolicyFilter, { nullable: true, description: 'Which ones.' })
      filter: PolicyFilter | null,
      @Arg('orderBy', () => PolicyOrder, { nullable: true, description: 'In what order. Default: NAME_ASC.' })
      orderBy: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Connection<PolicyDefinition>> {
      const wanted = filtered((await context.catalogue()).policies, filter);
      return pageOf(wanted, { first, after }, byName, orderBy === 'NAME_DESC');
    }

    @Needs('POLICY_ADD')
    @Mutation(() => Policy, { description: 'Make a policy, to be bound to flows and stages in flows.' })
    async createPolicy(
      @Arg('input', () => CreatePolicyInput, { description: 'The policy.' }) input: CreatePolicyInput,
      @Ctx() context: RequestContext,
    ): Promise<PolicyDefinition> {
      const fields: PolicyFields = {
        name: checked(policyName, input.name, 'input.name'),
        executionLogging: input.executionLogging,
        ...(await configured(input.config, context)),
      };
      const { result: id, catalogue } = await edit(context, (editor) => editor.createPolicy(fields));
      return found('policy', catalogue.policy(id));
    }

    @Needs('POLICY_CHANGE')
    @Mutation(() => Policy, { description: 'Change a policy, wherever it is bound.' })
    async updatePolicy(
      @Arg('id', () => ID, { description: 'Which policy.' }) id: string,
      @Arg('input', () => UpdatePolicyInput, { description: 'What to change.' }) input: UpdatePolicyInput,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<PolicyDefinition> {
      const policy = found('policy', (await context.catalogue()).policy(id));
      const { name, config, executionLogging } = plain(input);
      const changes: Partial<PolicyFields> = {
        ...(name !== undefined && { name: checked(policyName, name, 'input.name') }),
        ...(executionLogging !== undefined && {
          executionLogging: checked(z.boolean(), executionLogging, 'input.executionLogging'),
        }),
        ...(config !== undefined && (await configured(input.config ?? {}, context, policy))),
      };
      const expected = config === undefined ? ifVersion : versionBefore('policy', policy, ifVersion);
      const { catalogue } = await edit(context, (editor) => editor.updatePolicy(id, changes, expected));
      return found('policy', catalogue.policy(id));
    }

    @Needs('POLICY_DELETE')
    @Mutation(() => ID, {
      description: 'Delete a policy that is not used any more: bound, called, or judging answers.',
    })
    async deletePolicy(
      @Arg('id', () => ID, { description: 'Which policy.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      found('policy', (await context.catalogue()).policy(id));
      await deletingUnused({ type: 'POLICY', id }, context, () =>
        edit(context, (editor) => editor.deletePolicy(id)),
      );
      return id;
    }
  }

  /** Checks a configuration; what it does not mention stays as it was, or has its default. */
  async function configured(
    input: object,
    context: RequestContext,
    before?: PolicyDefinition,
  ): Promise<Pick<PolicyFields, 'kind' | 'config' | 'calls'>> {
    const { kind, config, path } = readConfigInput(kinds, configs, input, before);
    const catalogue = await context.catalogue();
    const result = checkPolicyConfig(kind, config, context.policyServices, catalogue, before?.name);
    if (!result.ok) throw refusedAt(path, result.problems);
    return { kind: kind.name, config: result.config, calls: result.calls };
  }

  return PolicyManagement;
}
