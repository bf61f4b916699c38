import 'reflect-metadata';

import type { GraphQLSchema } from 'graphql';
import { validateSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import type { ClassType, NonEmptyArray, PubSub } from 'type-graphql';

import type { PolicyKindDefinition } from '../policies/define.js';
import type { StageKindDefinition } from '../stages/define.js';
import { Needs, enforceAccessRules } from './access-rules.js';
import { withOneOf } from './one-of.js';
import { withRootDescriptions } from './root-descriptions.js';
import { apiTokenManagement } from './resolvers/api-tokens.js';
import { authenticatorManagement } from './resolvers/authenticators.js';
import { BlueprintImports } from './resolvers/blueprint-imports.js';
import { blueprintExports } from './resolvers/blueprint-exports.js';
import { consentManagement } from './resolvers/consents.js';
import { definitionFields } from './resolvers/definition-fields.js';
import { eventManagement } from './resolvers/events.js';
import { executionInspection } from './resolvers/executions.js';
import { ExpressionResolver } from './resolvers/expressions.js';
import { flowCopying } from './resolvers/flow-copies.js';
import { flowLinting } from './resolvers/flow-lint.js';
import { flowRollingBack } from './resolvers/flow-rollback.js';
import { flowVersioning } from './resolvers/flow-versions.js';
import { flowManagement } from './resolvers/flows.js';
import { followingApi } from './resolvers/following.js';
import { groupManagement } from './resolvers/groups.js';
import { invitationManagement } from './resolvers/invitations.js';
import { policyManagement } from './resolvers/policies.js';
import { policyBindingManagement } from './resolvers/policy-bindings.js';
import { policyTesting } from './resolvers/policy-testing.js';
import { policyVocabulary } from './resolvers/policy-vocabulary.js';
import { promptFieldManagement } from './resolvers/prompt-fields.js';
import { RecoveryResolver } from './resolvers/recovery.js';
import { reputationManagement } from './resolvers/reputations.js';
import { runningApi } from './resolvers/running.js';
import { sessionManagement } from './resolvers/sessions.js';
import { settingManagement } from './resolvers/settings.js';
import { simulationApi } from './resolvers/simulation.js';
import { stageBindingManagement } from './resolvers/stage-bindings.js';
import { stageManagement } from './resolvers/stages.js';
import { usesOfDefinitions, usesOfPeople } from './resolvers/uses.js';
import { ViewerFields } from './resolvers/viewer.js';
import { userChanges } from './resolvers/user-changes.js';
import { userLists } from './resolvers/users.js';
import { configTypes } from './types/config.js';
import { flowStepTypes } from './types/execution.js';
import { managementTypes } from './types/management.js';
import { stageResponseTypes } from './types/stage-response.js';

const built = new Map<string, GraphQLSchema>();

/**
 * The schema for these kinds of stages and policies. It is made once in a process: type-graphql keeps one store of
 * what has been declared, and a second declaration would be found twice.
 */
export function buildApi(
  stageKinds: readonly StageKindDefinition[],
  policyKinds: readonly PolicyKindDefinition[],
): GraphQLSchema {
  const names = [...stageKinds, ...policyKinds].map((kind) => kind.name).join();
  const api = built.get(names) ?? build(stageKinds, policyKinds);
  built.set(names, api);
  return api;
}

function build(
  stageKinds: readonly StageKindDefinition[],
  policyKinds: readonly PolicyKindDefinition[],
): GraphQLSchema {
  const stageConfigs = configTypes('Stage', 'Config', Needs('STAGE_VIEW'), stageKinds);
  const policyConfigs = configTypes('Policy', 'PolicyConfig', Needs('POLICY_VIEW'), policyKinds);
  const types = managementTypes(stageConfigs, policyConfigs);
  const steps = flowStepTypes(stageKinds);
  const responses = stageResponseTypes(stageKinds);
  const resolvers: NonEmptyArray<ClassType> = [
    runningApi(steps, responses),
    followingApi(steps),
    ...definitionFields(types, stageConfigs, policyConfigs),
    ...executionInspection(types),
    ...eventManagement(),
    flowManagement(types),
    stageManagement(types, stageConfigs, stageKinds),
    stageBindingManagement(types),
    ...promptFieldManagement(types),
    policyManagement(types, policyConfigs, policyKinds),
    policyTesting(policyConfigs, policyKinds),
    policyBindingManagement(types),
    ...groupManagement(),
    ...apiTokenManagement(),
    ...sessionManagement(),
    ...reputationManagement(),
    ...invitationManagement(types),
    ...consentManagement,
    ...authenticatorManagement,
    ...userLists(),
    userChanges(),
    policyVocabulary(policyConfigs, policyKinds),
    ExpressionResolver,
    BlueprintImports,
    blueprintExports(stageKinds, policyKinds),
    settingManagement(types),
    ...usesOfDefinitions(types),
    ...usesOfPeople,
    flowCopying(types, stageKinds),
    ...flowVersioning(types, stageKinds),
    flowRollingBack(types),
    flowLinting(types, stageKinds),
    RecoveryResolver,
    simulationApi(steps, responses),
    ViewerFields,
  ];
  const schema = buildSchemaSync({
    resolvers,
    orphanedTypes: [...steps.challenges],
    // Inputs are checked by the zod schemas that they are derived from, or that resolvers name.
    validate: false,
    pubSub: nothingPublished,
  });
  const api = withRootDescriptions(withOneOf(schema));
  enforceAccessRules(api);
  const [problem] = validateSchema(api);
  if (problem) throw problem;
  return api;
}

function notUsed(): never {
  throw new Error('every subscription brings events of its own');
}

/** type-graphql asks for it wherever there is a subscription. */
const nothingPublished: PubSub = { publish: notUsed, subscribe: notUsed };
