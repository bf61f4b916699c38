import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type { BlueprintProblem } from '../../blueprints/problem.js';
import type { FlowDefinition } from '../../flow/definition.js';
import { Refusal } from '../../kernel/refusal.js';
import { Needs } from '../access-rules.js';
import { actor } from '../actor.js';
import type { RequestContext } from '../context.js';
import { IF_VERSION, found } from '../edit.js';
import { recordOf } from '../flow-documents.js';
import type { ManagementTypes } from '../types/management.js';

/** Makes flows what they were, for administrators. */
export function flowRollingBack({ Flow }: ManagementTypes): ClassType {
  @Resolver()
  class FlowRollingBack {
    @Needs('FLOW_CHANGE')
    @Mutation(() => Flow, {
      description:
        'Make a flow what it was in one of its versions, with its stages, fields, policies and guards. What other flows share with it changes for them as well. Secrets stay what they are. Each change needs its permission; all are made, or none. Where anything changes there is a new version.',
    })
    async rollBackFlow(
      @Arg('id', () => ID, { description: 'Which flow.' }) id: string,
      @Arg('version', () => Int, { description: 'The number of the version.' }) number: number,
      @Arg('ifVersion', () => Int, {
        ...IF_VERSION,
        description: `${IF_VERSION.description} Of the flow: its \`version\`, not \`currentVersion\`.`,
      })
      ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<FlowDefinition> {
      const { id: flowId } = found('flow', (await context.catalogue()).flow(id));
      const record = await recordOf({ flowId, number }, context);
      const by = await actor(context);
      const request = { flowId, number, record, ifVersion, by };
      const { applied, problems } = await context.rollBacks.rollBack(request);
      if (!applied) throw inTheWay(problems);
      return found('flow', (await context.reloadCatalogue()).flow(flowId));
    }
  }
  return FlowRollingBack;
}

/** What stands against a version; paths lead into its document. */
function inTheWay(problems: readonly BlueprintProblem[]): Refusal {
  const fields = problems.map(({ path, code, message }) => ({ path: `version.${path}`, code, message }));
  const words = fields.map(({ path, message }) => `${path}: ${message}`).join(' ');
  if (problems.some(({ code }) => code === 'FORBIDDEN')) return new Refusal('FORBIDDEN', words, { fields });
  return new Refusal('CONFLICT', `The flow cannot be what it was in this version. ${words}`, { fields });
}
