/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Flows($first: Int!, $after: String) {\n  flows(first: $first, after: $after) {\n    edges {\n      node {\n        ...FlowSummary\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation CreateFlow($input: CreateFlowInput!) {\n  createFlow(input: $input) {\n    ...FlowSummary\n  }\n}\n\nmutation CreateAndBindStage($input: CreateAndBindStageInput!) {\n  createAndBindStage(input: $input) {\n    id\n    order\n    stage {\n      name\n      kind\n    }\n  }\n}\n\nfragment FlowSummary on Flow {\n  id\n  slug\n  name\n  designation\n}": typeof types.FlowsDocument,
    "fragment Step on FlowStep {\n  __typename\n  ... on Challenge {\n    id\n    stageName\n    errors {\n      field\n      code\n      message\n    }\n    messages {\n      level\n      text\n    }\n  }\n  ... on IdentificationChallenge {\n    userFields\n    passwordRequired\n  }\n  ... on FlowCompleted {\n    session {\n      token\n    }\n  }\n  ... on FlowDenied {\n    code\n    message\n    supportId\n  }\n}\n\nmutation StartFlow($input: StartFlowInput!) {\n  startFlow(input: $input) {\n    id\n    token\n    step {\n      ...Step\n    }\n  }\n}\n\nmutation SubmitStage($input: SubmitStageInput!) {\n  submitStage(input: $input) {\n    step {\n      ...Step\n    }\n  }\n}\n\nquery Viewer {\n  viewer {\n    username\n    isSuperuser\n    session {\n      expiresAt\n    }\n  }\n}": typeof types.StepFragmentDoc,
};
const documents: Documents = {
    "query Flows($first: Int!, $after: String) {\n  flows(first: $first, after: $after) {\n    edges {\n      node {\n        ...FlowSummary\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation CreateFlow($input: CreateFlowInput!) {\n  createFlow(input: $input) {\n    ...FlowSummary\n  }\n}\n\nmutation CreateAndBindStage($input: CreateAndBindStageInput!) {\n  createAndBindStage(input: $input) {\n    id\n    order\n    stage {\n      name\n      kind\n    }\n  }\n}\n\nfragment FlowSummary on Flow {\n  id\n  slug\n  name\n  designation\n}": types.FlowsDocument,
    "fragment Step on FlowStep {\n  __typename\n  ... on Challenge {\n    id\n    stageName\n    errors {\n      field\n      code\n      message\n    }\n    messages {\n      level\n      text\n    }\n  }\n  ... on IdentificationChallenge {\n    userFields\n    passwordRequired\n  }\n  ... on FlowCompleted {\n    session {\n      token\n    }\n  }\n  ... on FlowDenied {\n    code\n    message\n    supportId\n  }\n}\n\nmutation StartFlow($input: StartFlowInput!) {\n  startFlow(input: $input) {\n    id\n    token\n    step {\n      ...Step\n    }\n  }\n}\n\nmutation SubmitStage($input: SubmitStageInput!) {\n  submitStage(input: $input) {\n    step {\n      ...Step\n    }\n  }\n}\n\nquery Viewer {\n  viewer {\n    username\n    isSuperuser\n    session {\n      expiresAt\n    }\n  }\n}": types.StepFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Flows($first: Int!, $after: String) {\n  flows(first: $first, after: $after) {\n    edges {\n      node {\n        ...FlowSummary\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation CreateFlow($input: CreateFlowInput!) {\n  createFlow(input: $input) {\n    ...FlowSummary\n  }\n}\n\nmutation CreateAndBindStage($input: CreateAndBindStageInput!) {\n  createAndBindStage(input: $input) {\n    id\n    order\n    stage {\n      name\n      kind\n    }\n  }\n}\n\nfragment FlowSummary on Flow {\n  id\n  slug\n  name\n  designation\n}"): typeof import('./graphql.ts').FlowsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment Step on FlowStep {\n  __typename\n  ... on Challenge {\n    id\n    stageName\n    errors {\n      field\n      code\n      message\n    }\n    messages {\n      level\n      text\n    }\n  }\n  ... on IdentificationChallenge {\n    userFields\n    passwordRequired\n  }\n  ... on FlowCompleted {\n    session {\n      token\n    }\n  }\n  ... on FlowDenied {\n    code\n    message\n    supportId\n  }\n}\n\nmutation StartFlow($input: StartFlowInput!) {\n  startFlow(input: $input) {\n    id\n    token\n    step {\n      ...Step\n    }\n  }\n}\n\nmutation SubmitStage($input: SubmitStageInput!) {\n  submitStage(input: $input) {\n    step {\n      ...Step\n    }\n  }\n}\n\nquery Viewer {\n  viewer {\n    username\n    isSuperuser\n    session {\n      expiresAt\n    }\n  }\n}"): typeof import('./graphql.ts').StepFragmentDoc;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
