import { z } from 'zod';

import { policyTargets } from '../../flow/policy-writes.js';
import { fullSample } from '../../../test/support/sample.js';
import { problemsOf } from '../../../test/support/conditions.js';
import { conditionPolicy } from './policy.js';
import { vocabulary } from './vocabulary.js';

const words = vocabulary();

it('has every variable and operator that section 4.10 of the specification knows and that exists here', () => {
  expect(words.operators.map(({ name }) => name)).toEqual(
    `is_set is_not_set eq ne in not_in contains starts_with ends_with matches lt lte gt gte between is_true is_false
    within_last older_than in_network is_private is_global is_url has_item has_any has_all is_empty length_eq length_gt
    length_lt`.split(/\s+/),
  );
  expect(words.operators.filter(({ negatable }) => negatable).map(({ name }) => name)).toEqual(
    `contains starts_with ends_with matches between in_network is_private is_global is_url has_item has_any has_all
    is_empty`.split(/\s+/),
  );
  expect(words.variables.map(({ name }) => name).toSorted()).toEqual(
    `captcha.score context execution.authenticated execution.level execution.methods execution.passwordless execution.redirectedFrom execution.restored execution.underWay flow.designation
    flow.slug promptData reputation.address reputation.both reputation.name request.asn request.city request.client
    request.clientIp request.continent request.country request.organization request.signedIn request.signedInRecently request.time
    request.userAgent user.attributes user.authenticators user.createdAt user.email user.emailVerified user.groups user.hasPassword user.id user.isActive user.isSuperuser user.kind
    user.lastLogin user.name user.passwordChangedAt user.path user.username viewer.id viewer.isSuperuser
    viewer.username`.split(/\s+/),
  );
  expect(words.targets.map(({ name }) => name)).toEqual(Object.keys(policyTargets));
});

it('describes everything in a sentence', () => {
  for (const { name, description } of [...words.variables, ...words.operators, ...words.targets]) {
    expect([name, description]).toEqual([name, expect.stringMatching(/^[A-Z].*\.$/)]);
  }
});

it('tells which variables take a parameter, and what an enum can be', () => {
  const named = (wanted: string) => words.variables.find(({ name }) => name === wanted);
  expect(words.variables.filter(({ takesParameter }) => takesParameter).map(({ name }) => name)).toEqual([
    'user.attributes',
    'promptData',
    'context',
  ]);
  expect(named('promptData')).toMatchObject({ type: 'string', parameter: expect.stringMatching(/key/) });
  expect(named('request.client')).toMatchObject({
    type: 'enum',
    options: ['BROWSER', 'NATIVE'],
    parameter: null,
  });
  expect(named('user.email')).toMatchObject({ options: [] });
});

it('has a JSON Schema that takes what conditions are, and nothing else', () => {
  // zod reads it back: no other validator is needed to see that it is whole.
  const read = z.fromJSONSchema(z.looseObject({}).parse(words.schema));
  const takes = (actions: unknown) => read.safeParse(actions).success;
  const { actions } = fullSample(conditionPolicy.config);
  expect(problemsOf({ actions })).toEqual([]);
  expect(takes(actions)).toBe(true);
  const nested = [
    { type: 'if', when: { none: [{ policy: 'x' }] }, then: [{ type: 'stop', passing: false }] },
  ];
  expect(takes(nested)).toBe(true);
  expect(takes([])).toBe(false);
  expect(takes([{ type: 'jump' }])).toBe(false);
  expect(takes([{ type: 'require', when: { none: [] } }])).toBe(false);
});
