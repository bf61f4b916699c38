import { catalogueOf, bound, flow, placed, policy, stage } from '../../test/support/definitions.js';
import type { FlowDefinition, StageBindingDefinition } from './definition.js';
import { lintFlow } from './lint.js';
import type { FlowWarningCode } from './lint.js';
import type { StageFacts, TellingKind } from './stage-facts.js';

const facts: Readonly<Record<string, StageFacts>> = {
  identify: { gives: 'NAMED' },
  password: { takes: 'NAMED', gives: 'PROVED' },
  validate: { takes: 'SIGNED_IN', gives: 'PROVED', secondFactor: 'ASKED' },
  'some-validate': { takes: 'SIGNED_IN', gives: 'PROVED' },
  remembering: { takes: 'SIGNED_IN', gives: 'PROVED', secondFactor: 'REMEMBERED' },
  login: { takes: 'PROVED', waivesSecondFactor: false },
  'waiving-login': { takes: 'PROVED', waivesSecondFactor: true },
  deny: { ends: true },
  delete: { takes: 'SIGNED_IN' },
  'with-password': { gives: 'NAMED', shows: ['stage-password'] },
  'to-other': { leadsTo: { flowId: 'other', keepContext: true, returns: false } },
  'by-other': { leadsTo: { flowId: 'other', keepContext: true, returns: true } },
  'apart-by-other': { leadsTo: { flowId: 'other', keepContext: false, returns: true } },
  'to-itself': { leadsTo: { flowId: 'flow-under-test', keepContext: true, returns: true } },
};
const kinds = new Map(
  Object.entries(facts).map(([name, told]): [string, TellingKind] => [name, { facts: () => told }]),
);

const guard = bound(policy('guard'));
/** `?` behind a kind: a policy can take the stage out. */
const places = (names: readonly string[], flowId = 'flow-under-test'): StageBindingDefinition[] =>
  names.map((name) => {
    const kind = name.replace('?', '');
    const policyBindings = name.endsWith('?') ? [guard] : [];
    return placed(stage(kind, kind), { id: `${flowId}:${kind}`, flowId, policyBindings });
  });

interface Scene {
  readonly flow: readonly string[];
  readonly other?: readonly string[];
  readonly also?: Partial<FlowDefinition>;
}

function warnings({ flow: names, other = [], also = {} }: Scene): [FlowWarningCode, string][] {
  const linted = flow(places(names), also);
  const another = flow(places(other, 'other'), { id: 'other', slug: 'other' });
  const aside = flow(places(['password'], 'aside'), { id: 'aside', slug: 'aside' });
  const found = lintFlow(linted, catalogueOf(linted, another, aside), kinds);
  return found.map(({ code, binding, path }) => [code, [...path, binding.stage.name].join(' > ')]);
}

describe('the ways to a session without a second factor', () => {
  const notAsked = [['SECOND_FACTOR_NOT_ASKED', 'under-test > waiving-login']];
  const remembered = [['SECOND_FACTOR_REMEMBERED', 'under-test > login']];

  it.each<[string, Scene, unknown]>([
    ['the login asks itself', { flow: ['identify', 'password', 'login'] }, []],
    [
      'it asks, and a policy can take out the stage before',
      { flow: ['with-password', 'validate?', 'login'] },
      [],
    ],
    ['it waives', { flow: ['identify', 'password', 'waiving-login'] }, notAsked],
    [
      'it waives, and a stage before asks everybody',
      { flow: ['with-password', 'validate', 'waiving-login'] },
      [],
    ],
    [
      'it waives, and a policy can take that out',
      { flow: ['with-password', 'validate?', 'waiving-login'] },
      notAsked,
    ],
    [
      'it waives, and that asks some',
      { flow: ['with-password', 'some-validate', 'waiving-login'] },
      notAsked,
    ],
    ['it waives, and is asked for after', { flow: ['with-password', 'waiving-login', 'validate'] }, notAsked],
    ['it is remembered', { flow: ['with-password', 'remembering', 'login'] }, remembered],
    [
      'it is remembered where a policy says so',
      { flow: ['with-password', 'remembering?', 'login'] },
      remembered,
    ],
    [
      'it is remembered, and asked for all the same',
      { flow: ['with-password', 'remembering', 'validate', 'login'] },
      [],
    ],
    ['it is remembered after', { flow: ['with-password', 'login', 'remembering'] }, []],
  ])('are found where %s', (_, scene, expected) => {
    expect(warnings(scene)).toEqual(expected);
  });

  it('are found where the login waives what was remembered, both ways', () => {
    expect(
      warnings({ flow: ['with-password', 'remembering', 'waiving-login'] }).map(([code]) => code),
    ).toEqual(['SECOND_FACTOR_NOT_ASKED', 'SECOND_FACTOR_REMEMBERED']);
  });

  it.each<[string, Scene, unknown]>([
    [
      'leads there, and nothing is asked',
      { flow: ['identify', 'password', 'to-other'], other: ['waiving-login'] },
      [['SECOND_FACTOR_NOT_ASKED', 'under-test > other > waiving-login']],
    ],
    ['has asked before', { flow: ['with-password', 'validate', 'to-other'], other: ['waiving-login'] }, []],
    [
      'asks there, and comes back',
      { flow: ['with-password', 'by-other', 'waiving-login'], other: ['validate'] },
      [],
    ],
    [
      'may ask there',
      { flow: ['with-password', 'by-other?', 'waiving-login'], other: ['validate'] },
      [['SECOND_FACTOR_NOT_ASKED', 'under-test > waiving-login']],
    ],
    [
      'is remembered there',
      { flow: ['with-password', 'by-other?', 'login'], other: ['remembering'] },
      [['SECOND_FACTOR_REMEMBERED', 'under-test > login']],
    ],
    [
      'asks there, and learns nothing of it',
      { flow: ['with-password', 'apart-by-other', 'waiving-login'], other: ['with-password', 'validate'] },
      [['SECOND_FACTOR_NOT_ASKED', 'under-test > waiving-login']],
    ],
  ])('are found where a flow %s', (_, scene, expected) => {
    expect(warnings(scene)).toEqual(expected);
  });
});

describe('the mistakes', () => {
  it.each<[string, Scene, unknown]>([
    [
      'a login of somebody who has only been named',
      { flow: ['identify', 'login'] },
      [['NOTHING_PROVED', 'under-test > login']],
    ],
    ['a login after a password that may be left out', { flow: ['identify', 'password?', 'login'] }, []],
    ['a login after what is shown with a name', { flow: ['with-password', 'login'] }, []],
    [
      'a login of whoever is signed in, and has proved nothing here',
      { flow: ['login'], also: { authentication: 'REQUIRE_AUTHENTICATED' } },
      [['NOTHING_PROVED', 'under-test > login']],
    ],
    ['a login by a flow token', { flow: ['login'], also: { authentication: 'REQUIRE_TOKEN' } }, []],
    ['a password of nobody', { flow: ['password', 'login'] }, [['NOBODY_NAMED', 'under-test > password']]],
    [
      'a password of whoever is signed in',
      { flow: ['password'], also: { authentication: 'REQUIRE_AUTHENTICATED' } },
      [],
    ],
    [
      'a second factor before anything is proved',
      { flow: ['identify', 'validate'] },
      [['NOTHING_PROVED', 'under-test > validate']],
    ],
    ['deleting of nobody', { flow: ['delete'] }, [['NOTHING_PROVED', 'under-test > delete']]],
    [
      'what follows a denial',
      { flow: ['deny', 'identify', 'login'] },
      [['NEVER_REACHED', 'under-test > identify']],
    ],
    ['what follows a denial that a policy can take out', { flow: ['deny?', 'identify'] }, []],
    [
      'what follows a flow that does not come back',
      { flow: ['to-other', 'identify'] },
      [['NEVER_REACHED', 'under-test > identify']],
    ],
    ['a flow that leads to itself', { flow: ['identify', 'to-itself?', 'password', 'login'] }, []],
    ['a stage of a kind that tells nothing', { flow: ['strange'] }, []],
  ])('are found: %s', (_, scene, expected) => {
    expect(warnings(scene)).toEqual(expected);
  });
});

it('a disabled binding guards nothing', () => {
  const [denial, rest] = places(['deny', 'identify']);
  if (!denial || !rest) throw new Error('there are two');
  const linted = flow([{ ...denial, policyBindings: [{ ...guard, enabled: false }] }, rest]);
  expect(lintFlow(linted, catalogueOf(linted), kinds)).toMatchObject([{ code: 'NEVER_REACHED' }]);
});
