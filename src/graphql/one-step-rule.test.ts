import { buildSchema, parse, specifiedRules, validate } from 'graphql';

import { oneFlowStepPerOperation } from './one-step-rule.js';

const schema = buildSchema(`
  type Query { startFlow(n: Int): Int, viewer: Int }
  type Mutation { startFlow(n: Int): Int, submitStage(n: Int): Int, cancelFlow(n: Int): Int }
`);
const refused = (document: string) =>
  validate(schema, parse(document), [...specifiedRules, oneFlowStepPerOperation]).map(
    ({ message }) => message,
  );

const ONE_STEP = ['An operation may take one step only: one startFlow or one submitStage.'];

describe('an operation', () => {
  it.each([
    'mutation { startFlow }',
    'mutation { a: submitStage(n: 1) }',
    'mutation { submitStage cancelFlow other: cancelFlow }',
    'query { a: startFlow b: startFlow }',
    'mutation { ...F } fragment F on Mutation { startFlow }',
    'mutation { ...F ...F } fragment F on Mutation { startFlow }',
    'mutation A { startFlow } mutation B { submitStage }',
    'mutation A { ...F } mutation B { ...F } fragment F on Mutation { startFlow }',
  ])('may take one step: %s', (document) => {
    expect(refused(document)).toEqual([]);
  });

  it.each([
    'mutation { startFlow submitStage }',
    'mutation { a: submitStage(n: 1) b: submitStage(n: 2) }',
    'mutation { a: submitStage(n: 1) b: submitStage(n: 2) c: submitStage(n: 3) }',
    'mutation { a: submitStage ... { b: submitStage } }',
    'mutation { a: submitStage ... on Mutation { ... @include(if: true) { b: submitStage } } }',
    'mutation { a: submitStage ...F } fragment F on Mutation { b: submitStage }',
    'mutation { ...F ...G } fragment F on Mutation { a: submitStage } fragment G on Mutation { b: submitStage }',
    'mutation { ...F } fragment F on Mutation { a: submitStage ...G } fragment G on Mutation { b: submitStage }',
    'mutation { ...F } fragment F on Mutation { a: submitStage ... { b: startFlow } }',
    'mutation A { startFlow } mutation B { a: submitStage ...F } fragment F on Mutation { b: submitStage }',
    'mutation { a: submitStage @skip(if: false) b: submitStage @skip(if: true) }',
  ])('may not take two: %s', (document) => {
    expect(refused(document)).toEqual(ONE_STEP);
  });

  it('with fragments in a circle is refused, and ends', () => {
    const document =
      'mutation { ...F } fragment F on Mutation { a: submitStage ...G } fragment G on Mutation { ...F }';
    expect(refused(document)).toEqual([expect.stringContaining('Cannot spread fragment')]);
  });
});
