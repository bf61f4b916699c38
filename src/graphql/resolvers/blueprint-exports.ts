import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type { LinkedFlows } from '../../blueprints/closure.js';
import { documentText } from '../../blueprints/document-text.js';
import type { DocumentFormat } from '../../blueprints/document-text.js';
import { blueprintSchema } from '../../blueprints/json-schema.js';
import type { JsonObject } from '../../kernel/json.js';
import { Refusal } from '../../kernel/refusal.js';
import type { PolicyKindDefinition } from '../../policies/define.js';
import type { StageKindDefinition } from '../../stages/define.js';
import { Needs, Public } from '../access-rules.js';
import type { RequestContext } from '../context.js';
import { DocumentFormatEnum, LinkedFlowsEnum } from '../blueprint-enums.js';

const MOST_FLOWS = 100;

const linkedFlows = {
  defaultValue: 'REFERENCES',
  description: 'What becomes of flows that stages lead to. Default: they are only named.',
};
const documentFormat = { defaultValue: 'YAML', description: 'How it is written. Default: YAML.' };

/** Flows as documents, for administrators, and what documents look like. */
export function blueprintExports(
  stageKinds: readonly StageKindDefinition[],
  policyKinds: readonly PolicyKindDefinition[],
): ClassType {
  @Resolver()
  class BlueprintExports {
    @Needs('FLOW_VIEW')
    @Query(() => String, {
      description:
        'A flow, by slug, and all that it needs, as a document for importBlueprint: without ids and secrets, the same for the same flow wherever it is. It takes the permissions to view everything that stands in it.',
    })
    exportFlow(
      @Arg('slug', () => String, { description: 'Which flow to export.' }) slug: string,
      @Arg('linked', () => LinkedFlowsEnum, linkedFlows) linked: LinkedFlows,
      @Arg('format', () => DocumentFormatEnum, documentFormat) format: DocumentFormat,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      return textOf([slug], linked, format, context);
    }

    @Needs('FLOW_VIEW')
    @Query(() => String, {
      description:
        'Several flows, by slug, and all that they need, as one document for importBlueprint; as exportFlow has it. At most 100.',
    })
    exportFlows(
      @Arg('slugs', () => [String], { description: 'Which flows to export.' }) slugs: readonly string[],
      @Arg('linked', () => LinkedFlowsEnum, linkedFlows) linked: LinkedFlows,
      @Arg('format', () => DocumentFormatEnum, documentFormat) format: DocumentFormat,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      return textOf(slugs, linked, format, context);
    }

    @Public()
    @Query(() => GraphQLJSONObject, {
      description:
        'What documents of flows look like, as JSON Schema: for editors. It is at /blueprint.schema.json as well.',
    })
    blueprintSchema(): JsonObject {
      return blueprintSchema(stageKinds, policyKinds);
    }
  }
  return BlueprintExports;
}

async function textOf(
  slugs: readonly string[],
  linked: LinkedFlows,
  format: DocumentFormat,
  context: RequestContext,
): Promise<string> {
  if (slugs.length === 0 || slugs.length > MOST_FLOWS) {
    const code = slugs.length === 0 ? 'TOO_SMALL' : 'TOO_BIG';
    const message = `Must be between 1 and ${MOST_FLOWS} slugs.`;
    throw Refusal.badInput([{ path: 'slugs', code, message }]);
  }
  const document = await context.exporter.flowsFor(await context.access(), slugs, { linked });
  return documentText(document, format);
}
