import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { z } from 'zod';

import type { Json } from '../../kernel/json.js';
import { Needs, NeedsRecently } from '../access-rules.js';
import { actor } from '../actor.js';
import type { RequestContext } from '../context.js';
import { checked, plain } from '../input.js';
import { BlueprintFile, BlueprintResult, ImportBlueprintInput } from '../types/blueprint.js';

const json: z.ZodType<Json> = z.json();
const importInput = z.strictObject({
  document: z.string(),
  context: z.record(z.string(), json).nullable().default(null),
  dryRun: z.boolean(),
});

/** Documents of flows, for administrators. */
@Resolver()
export class BlueprintImports {
  // What it takes besides depends on what the document holds. The strongest of that takes a recent authentication.
  @NeedsRecently('FLOW_VIEW')
  @Mutation(() => BlueprintResult, {
    description:
      'Make everything as a document says, or say what that would change: all of it in one transaction, or nothing. It takes the permissions for everything that is done, object by object.',
  })
  async importBlueprint(
    @Arg('input', () => ImportBlueprintInput, { description: 'The document, and what to do with it.' })
    input: ImportBlueprintInput,
    @Ctx() context: RequestContext,
  ): Promise<BlueprintResult> {
    const { document: text, context: parameters, dryRun } = checked(importInput, plain(input));
    const by = await actor(context);
    const result = await context.importer.import({
      ...{ text, dryRun, by, from: 'API' },
      parameters: parameters ?? {},
    });
    const { name, problems } = result;
    if (result.applied) await context.reloadCatalogue();
    else if (!dryRun) await context.importLog.failed({ name, file: null, problems }, by);
    return result;
  }

  @Needs('SETTINGS_VIEW', 'FLOW_VIEW')
  @Query(() => [BlueprintFile], {
    description:
      "What has become of the documents in the operator's folder, STAGEDOOR_BLUEPRINTS_DIR, by file.",
  })
  async blueprintFiles(@Ctx() { folderOutcomes }: RequestContext): Promise<BlueprintFile[]> {
    return (await folderOutcomes.all()).map(({ at, ...outcome }) => ({ ...outcome, at: new Date(at) }));
  }
}
