import { z } from 'zod';

import { Catalogue } from '../flow/catalogue.js';
import type { FlowDefinition, PolicyDefinition, StageDefinition } from '../flow/definition.js';
import { promptFieldFields } from '../flow/definition-rules.js';
import { stageKinds } from '../stages/list.js';
import { INSTALLATION, bound, flow, placed, policy, stage } from '../../test/support/definitions.js';
import type { LinkedFlows } from './closure.js';
import { describeFlows } from './describe.js';
import { entrySchemas } from './document.js';
import { documentText } from './document-text.js';

interface Content {
  readonly flows: readonly FlowDefinition[];
  readonly stages?: readonly StageDefinition[];
  readonly policies?: readonly PolicyDefinition[];
}

const field = {
  ...promptFieldFields.parse({
    name: 'nickname',
    key: 'attributes.nickname',
    label: 'Nickname',
    type: 'TEXT',
  }),
  version: 3,
};

function documentOf(
  { flows, stages = [], policies = [] }: Content,
  linked: LinkedFlows = 'REFERENCES',
  kinds = stageKinds,
) {
  const catalogue = new Catalogue({
    installation: INSTALLATION,
    ...{ version: 1, flows, stages, policies, promptFields: [{ id: FIELD, ...field }] },
    ...{ defaultFlows: new Map(), referringStages: new Map() },
  });
  const names = { group: (id: string) => `group ${id}`, user: (id: string) => `user ${id}` };
  const [first] = flows;
  if (!first) throw new Error('no flow');
  return describeFlows([first], catalogue, names, kinds, { linked });
}

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const FIELD = id(1);
const PASSWORD = id(2);
const RECOVERY = id(3);
const VALIDATION = id(4);

const entriesForm = z.array(z.record(z.string(), z.unknown()));

/** What the entries of a document are about, such as `stage:login`. */
function aboutOf({ entries }: ReturnType<typeof documentOf>): string[] {
  return entriesForm.parse(entries).map((entry) =>
    Object.entries(entry)
      .slice(0, 1)
      .map(([type, name]) => `${type}:${z.string().parse(name)}`)
      .join(),
  );
}

const password: StageDefinition = { ...stage('password', 'password'), id: PASSWORD };
const identification = stage('identification', 'identification', {
  userFields: ['EMAIL'],
  passwordStageId: PASSWORD,
  recoveryFlowId: RECOVERY,
});
const recovery = flow([placed(identification)], { id: RECOVERY, slug: 'recovery', name: 'Recovery' });
const login = flow([placed(identification, { order: 10 })], { slug: 'login', name: 'Login' });

describe('the document of a flow', () => {
  test('says everything, and reads like this', () => {
    const called: PolicyDefinition = { ...policy('office'), id: id(9) };
    const guard: PolicyDefinition = {
      ...policy('staff', 'expression'),
      config: { expression: 'if (!user) return false;\nreturn ask("office");\n' },
      calls: [id(9)],
    };
    const place = placed(stage('deny', 'deny', { message: 'No.' }), {
      policyBindings: [
        bound({ type: 'group', groupId: 'g' }, { expiresAt: new Date('2031-01-01T00:00:00Z') }),
      ],
    });
    const guarded = flow([place], { policyBindings: [bound(guard, { timeoutSeconds: 90 })] });
    const document = documentOf({ flows: [guarded], stages: [place.stage], policies: [guard, called] });
    expect(documentText(document, 'YAML')).toBe(`\
# yaml-language-server: $schema=blueprint.schema.json

stagedoor: 1
name: under test
entries:
  - group: group g
  - policy: office
    kind: fake
    executionLogging: false
    config: {}
  - policy: staff
    kind: expression
    executionLogging: false
    config:
      expression: |
        if (!user) return false;
        return ask("office");
  - stage: deny
    kind: deny
    config:
      message: No.
  - flow: under-test
    name: under test
    title: Under test
    designation: ENROLLMENT
    authentication: NONE
    deniedAction: MESSAGE
    policyEngineMode: ANY
    layout: STACKED
    backgroundUrl: null
    prune: true
    policies:
      - policy: staff
        order: 0
        enabled: true
        negate: false
        timeout: PT1M30S
        failureResult: false
        expiresAt: null
    stages:
      - stage: deny
        order: 0
        evaluateOnPlan: false
        reEvaluatePolicies: true
        invalidResponseAction: RETRY
        policyEngineMode: ANY
        policies:
          - group: group g
            order: 0
            enabled: true
            negate: false
            timeout: PT30S
            failureResult: false
            expiresAt: "2031-01-01T00:00:00.000Z"
`);
  });

  test('has what its stages show, ask and are judged by, and names the flows that they lead to', () => {
    const form = stage('form', 'prompt', { fieldIds: [FIELD], validationPolicyIds: [VALIDATION] });
    const content = {
      flows: [flow([placed(identification), placed(form)]), recovery],
      stages: [identification, form, password],
      policies: [{ ...policy('good enough'), id: VALIDATION }],
    };
    const document = documentOf(content);
    expect(aboutOf(document)).toEqual([
      'promptField:nickname',
      'policy:good enough',
      'stage:form',
      'stage:identification',
      'stage:password',
      'flow:under-test',
    ]);
    expect(JSON.stringify(document)).not.toContain('00000000');
    expect(document).toMatchObject({
      entries: expect.arrayContaining([
        {
          stage: 'form',
          kind: 'prompt',
          config: {
            fieldIds: [{ ref: 'promptField:nickname' }],
            validationPolicyIds: [{ ref: 'policy:good enough' }],
          },
        },
        expect.objectContaining({
          config: expect.objectContaining({
            passwordStageId: { ref: 'stage:password' },
            recoveryFlowId: { ref: 'flow:recovery' },
          }),
        }),
      ]),
    });
  });

  test('has the flows that it leads to where that is wanted, each once, whichever leads to which', () => {
    const content = { flows: [login, recovery], stages: [identification, password] };
    expect(aboutOf(documentOf(content, 'INCLUDED'))).toEqual([
      'stage:identification',
      'stage:password',
      'flow:login',
      'flow:recovery',
    ]);
  });

  test('is the same whatever ids there are, and in which order they are read', () => {
    const at = (order: number, name: string, own: string) =>
      placed({ ...stage(name, 'deny'), id: own }, { order, id: own });
    const guards = (own: string) => [
      bound(policy('b'), { id: `${own}1`, negate: true }),
      bound(policy('b'), { id: `${own}2` }),
      bound(policy('a'), { id: `${own}3` }),
    ];
    const described = (places: readonly ReturnType<typeof at>[], own: string) =>
      documentOf({
        flows: [
          flow(places, { id: own, policyBindings: own === 'x' ? guards(own) : guards(own).toReversed() }),
        ],
        stages: places.map((place) => place.stage),
        policies: [policy('b'), policy('a')],
      });
    const one = described([at(0, 'b', '1'), at(0, 'a', '2'), at(-1, 'c', '3')], 'x');
    const other = described([at(-1, 'c', '7'), at(0, 'a', '8'), at(0, 'b', '9')], 'y');
    expect(documentText(one, 'JSON')).toBe(documentText(other, 'JSON'));
  });

  test('names secrets, and says nothing of them', () => {
    const captcha = stage('login-captcha', 'captcha', {
      provider: 'TURNSTILE',
      siteKey: 'site',
      secretKey: { sealed: 'ciphertext' },
    });
    const without = stage('puzzle', 'captcha', { secretKey: null });
    const document = documentOf({
      flows: [flow([placed(captcha), placed(without)])],
      stages: [captcha, without],
    });
    expect(document).toMatchObject({
      entries: [
        { config: { secretKey: { secret: 'LOGIN_CAPTCHA_SECRET_KEY' } } },
        { config: { secretKey: null } },
        {},
      ],
    });
    expect(JSON.stringify(document)).not.toMatch(/sealed|ciphertext/);
  });

  test('tells nothing of a stage whose kind is not known, not even what would be a secret', () => {
    const captcha = stage('captcha', 'captcha', { secretKey: { sealed: 'ciphertext' }, flowId: RECOVERY });
    const unknown = documentOf({ flows: [flow([placed(captcha)])], stages: [captcha] }, 'REFERENCES', []);
    expect(unknown).toMatchObject({ entries: [{ stage: 'captcha', kind: 'captcha' }, {}] });
    expect(JSON.stringify(unknown)).not.toMatch(/sealed|ciphertext|0000/);
  });

  test('leaves out what the kind of a stage does not know any more', () => {
    const old = stage('deny', 'deny', { message: 'No.', once: { sealed: 'ciphertext' } });
    expect(documentOf({ flows: [flow([placed(old)])], stages: [old] })).toMatchObject({
      entries: [{ stage: 'deny', config: { message: 'No.' } }, {}],
    });
    expect(JSON.stringify(documentOf({ flows: [flow([placed(old)])], stages: [old] }))).not.toContain(
      'ciphertext',
    );
  });

  test('marks as it is what could be taken for a computed value', () => {
    const odd: PolicyDefinition = {
      ...policy('odd'),
      config: {
        actions: [{ $if: [true] }, { $later: 1 }, { $a: 1, b: { $not: { $not: false } } }, { ref: 'x' }],
      },
    };
    const guarded = flow([], { policyBindings: [bound(odd)] });
    expect(documentOf({ flows: [guarded], policies: [odd] })).toMatchObject({
      entries: [
        {
          config: {
            actions: [
              { $literal: { $if: [true] } },
              { $literal: { $later: 1 } },
              { $a: 1, b: { $literal: { $not: { $not: false } } } },
              { ref: 'x' },
            ],
          },
        },
        {},
      ],
    });
  });

  test('has every field that an entry can have, so that it is the same wherever it is applied', () => {
    const form = stage('form', 'prompt', { fieldIds: [FIELD] });
    const content = {
      flows: [
        flow([placed(form, { policyBindings: [bound({ type: 'user', userId: 'u' })] })], {
          policyBindings: [bound(policy('p'))],
        }),
      ],
      stages: [form],
      policies: [policy('p')],
    };
    const { entries } = documentOf(content);
    const types = {
      promptField: entrySchemas.promptField,
      policy: entrySchemas.policy,
      flow: entrySchemas.flow,
    };
    for (const [type, schema] of Object.entries(types)) {
      const entry = entriesForm.parse(entries).find((one) => type in one);
      expect(schema.safeParse(entry)).toMatchObject({ success: true });
      expect(Object.keys(entry ?? {}).toSorted()).toEqual(
        Object.keys(schema.shape)
          .filter((key) => key !== 'state' && key !== 'when')
          .toSorted(),
      );
    }
  });
});
