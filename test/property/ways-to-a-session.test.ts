import fc from 'fast-check';
import { z } from 'zod';

import { assuranceLevel } from '../../src/flow/assurance.js';
import type { FlowDefinition, FlowDesignation } from '../../src/flow/definition.js';
import {
  authenticationRequirements,
  designations,
  invalidResponseActions,
} from '../../src/flow/definition.js';
import type { Effect } from '../../src/flow/effect.js';
import type { FoundFlowToken } from '../../src/flow/execution-store.js';
import { FlowRunner } from '../../src/flow/runner.js';
import type { FlowRun } from '../../src/flow/runner.js';
import { authenticatorOf } from '../../src/flow/second-factor.js';
import type { FlowUser } from '../../src/flow/services/users.js';
import type { ClientFacts } from '../../src/flow/stage-kind.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { Secret } from '../../src/kernel/secret.js';
import type { StageKindDefinition } from '../../src/stages/define.js';
import { stageKinds } from '../../src/stages/list.js';
import { catalogueOf, flow, person, placed, stage, viewer } from '../support/definitions.js';
import { visitOf } from '../support/engine.js';
import { MemoryExecutionStore } from '../support/memory-execution-store.js';
import { everySample, fullSample, requiredSample } from '../support/sample.js';
import { witnessedEngine } from '../support/witnessed-engine.js';
import type { Evidence } from '../support/witnessed-engine.js';

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());
const kinds = new Map(stageKinds.map((kind) => [kind.name, kind]));
const owned = (id: string, kind: 'TOTP' | 'WEBAUTHN' | 'SMS', usable = true) => ({
  ...{ id, kind, usable, verifiesUser: kind === 'WEBAUTHN' },
});
const A = 'a0000000-0000-4000-8000-000000000001';
const B = 'a0000000-0000-4000-8000-000000000002';
const C = 'a0000000-0000-4000-8000-000000000003';
const PASSWORD_STAGE = 'a0000000-0000-4000-8000-00000000000f';
const OTHER_FLOW = 'a0000000-0000-4000-8000-0000000000ff';
const everybody: readonly FlowUser[] = [
  person('app', { authenticators: [owned(A, 'TOTP'), owned(B, 'WEBAUTHN')] }),
  person('phone', { authenticators: [owned(C, 'SMS')] }),
  person('disabled-app', { authenticators: [owned(A, 'TOTP', false)] }),
  person('bare'),
  person('gone', { active: false }),
].map((user) => ({ ...user, username: user.id, email: `${user.id}@example.org` }));
const names = everybody.map(({ id }) => id);

/** What an administrator can decide of a kind, as far as it bears on who is signed in; else as samples have it. */
const decided: Readonly<Record<string, readonly JsonObject[]>> = {
  'user-login': [{}, {}, { asksForSecondFactor: false }, { rememberMeOffset: 'P1D' }],
  'authenticator-validate': [
    {},
    { notConfiguredAction: 'DENY' },
    { kinds: ['TOTP'] },
    { rememberFor: 'P30D' },
    { rememberFor: 'P30D' },
  ],
  'user-write': [{}, { creation: 'ALWAYS' }, { creation: 'NEVER' }],
  identification: [{}, { passkeys: true }, { passwordStageId: PASSWORD_STAGE }],
  email: [{}, { recipient: 'COLLECTED' }],
  redirect: [true, false].flatMap((keepContext) =>
    [true, false].map((returns) => ({ flowId: OTHER_FLOW, keepContext, returns })),
  ),
};

function configsOf({ name, config }: StageKindDefinition): readonly JsonObject[] {
  const sampled = () =>
    [requiredSample(config), fullSample(config)].map((sample) => jsonObject.parse(sample));
  return decided[name] ?? sampled();
}

const place = fc.constantFrom(...stageKinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind.name),
    config: fc.constantFrom(...configsOf(kind)),
    invalidResponseAction: fc.constantFrom(...invalidResponseActions),
  }),
);
const ofKind = (...wanted: readonly string[]) => place.filter(({ kind }) => wanted.includes(kind));
/** Of all kinds by chance few come to a login: what tells who somebody is comes first, and a login last. */
const proving = stageKinds
  .filter(({ facts }) => facts({}, flow([])).gives !== undefined)
  .map(({ name }) => name);
const opening = stageKinds.filter(({ opensSession }) => opensSession).map(({ name }) => name);
const named: JsonObject = { passwordStageId: PASSWORD_STAGE };
const known = fc.constantFrom(
  { kind: 'identification', config: named, invalidResponseAction: 'RETRY' as const },
  { kind: 'invitation', config: {}, invalidResponseAction: 'RETRY' as const },
);
/** By chance few meet it where somebody has proven something and is in a browser. */
const remembering = fc.constant({
  ...{ kind: 'authenticator-validate', config: { rememberFor: 'P30D' } },
  invalidResponseAction: 'RETRY' as const,
});
const places = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        known,
        fc.array(ofKind('authenticator-validate', 'user-write', 'totp-setup'), { maxLength: 2 }),
        ofKind(...opening),
      )
      .map(([first, between, last]) => [first, ...between, last]),
  },
  { weight: 1, arbitrary: fc.tuple(known, remembering, ofKind(...opening)).map((all) => [...all]) },
  { weight: 1, arbitrary: fc.array(place, { maxLength: 6 }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        ofKind('identification'),
        fc.array(ofKind(...proving, 'identification', 'redirect', 'prompt'), { maxLength: 3 }),
        ofKind(...opening),
      )
      .map(([first, between, last]) => [first, ...between, last]),
  },
);
type Places = typeof places extends fc.Arbitrary<infer Value> ? Value : never;

function flowOf(id: string, all: Places, also: Partial<FlowDefinition>): FlowDefinition {
  const bindings = all.map(({ kind, config, invalidResponseAction }, index) =>
    placed({ ...stage(`${id}-${index}`, kind, config) }, { flowId: id, invalidResponseAction }),
  );
  return flow(bindings, { id, slug: id, ...also });
}

const scene = fc.record({
  places,
  other: places,
  designation: fc.constantFrom<FlowDesignation>(...designations),
  requirement: fc.constantFrom(
    'NONE' as const,
    'NONE' as const,
    'NONE' as const,
    ...authenticationRequirements,
  ),
  token: fc.option(fc.constantFrom(...names), { freq: 3 }),
  signedIn: fc.option(fc.constantFrom(...names), { freq: 3 }),
  browser: fc.boolean(),
  answers: fc.array(fc.record({ name: fc.constantFrom('app', ...names), pick: fc.nat() }), { maxLength: 12 }),
  atOnce: fc.nat(4),
});
type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

const tally = {
  sessions: 0,
  asked: 0,
  remembered: 0,
  waived: 0,
  strong: 0,
  byToken: 0,
  made: 0,
  atOnce: 0,
  refused: 0,
};
const opened = new Set<string>();

/** Any answer that the kind's form allows: about one of the people, and by what the challenge offers. */
function answerTo(kind: string, shown: JsonObject, { name, pick }: Scene['answers'][number]): JsonObject {
  const response = kinds.get(kind)?.interaction?.response;
  if (!response) return {};
  // Of the many answers that the form allows few fit what is asked: half of them do.
  if ('passwordRequired' in shown && pick % 2 === 0)
    return { identifier: name, ...(shown.passwordRequired === true && { password: 'a password' }) };
  const samples = [...everySample(response), fullSample(response)];
  const sample = jsonObject.parse(samples[pick % samples.length] ?? {});
  const offered = z
    .looseObject({ authenticators: z.array(z.looseObject({ id: z.string() })) })
    .safeParse(shown);
  const id = offered.success ? offered.data.authenticators.at(pick % 2)?.id : undefined;
  return {
    ...sample,
    ...('identifier' in sample && { identifier: name }),
    ...('authenticatorId' in sample && id !== undefined && { authenticatorId: id }),
  };
}

async function play(given: Scene): Promise<void> {
  const evidence: Evidence[] = [];
  const store = new MemoryExecutionStore();
  const parts = witnessedEngine(everybody, evidence, store.effects);
  const under = flowOf('flow-under-test', given.places, {
    designation: given.designation,
    authentication: given.requirement,
  });
  const other = flowOf(OTHER_FLOW, given.other, { designation: given.designation });
  const aside = flow([placed({ ...stage('password', 'password'), id: PASSWORD_STAGE })], {
    id: 'aside',
    slug: 'aside',
  });
  const viewing = everybody.find(({ id }) => id === given.signedIn);
  const { client: native } = visitOf(catalogueOf(under), null);
  // Only a browser is remembered.
  const client: ClientFacts = given.browser
    ? { ...native, kind: 'BROWSER', browser: new Secret('a browser') }
    : native;
  // Each request looks anew who is signed in, and what they have set up.
  const visitNow = async () => {
    const user = viewing && (await parts.services.users.byId(viewing.id));
    return { ...visitOf(catalogueOf(under, other, aside), user ? viewer(user) : null), client };
  };
  const token: FoundFlowToken | undefined = given.token
    ? {
        ...{ id: 'a token', flowId: under.id, isMailLink: false, suspension: null },
        user: { id: given.token, identifier: given.token },
      }
    : undefined;
  const runner = new FlowRunner({
    engine: parts,
    store,
    flowTokens: { find: async () => token },
    hashOf: (secret) => secret.reveal(),
    macOf: (text) => text,
    patience: async () => false,
    publicUrl: 'http://localhost',
    allowedOrigins: [],
    lifetimeSeconds: 3600,
  });
  const owner = new Secret('owner');
  const atOnce = given.places
    .filter(({ kind }) => kinds.get(kind)?.interaction?.response)
    .slice(0, given.atOnce)
    .map(({ kind }, index) => ({
      kind,
      data: answerTo(kind, {}, given.answers[index] ?? { name: 'app', pick: 1 }),
    }));
  let run: FlowRun = await runner.start(
    await visitNow(),
    {
      ...{ flow: { slug: under.slug }, next: null, loginHint: null, responses: atOnce },
      flowToken: token ? new Secret('a token') : null,
      invitationToken: new Secret('an invitation'),
    },
    owner,
  );
  if (store.effects.some(({ type }) => type === 'openSession')) tally.atOnce += 1;
  for (const answer of given.answers) {
    if (run.step.type !== 'challenge') break;
    const { id: challengeId, kind, data } = run.step;
    if (!kinds.get(kind)?.interaction?.response) break;
    const response = { kind, data: answerTo(kind, data, answer) };
    const submitted = { executionId: run.execution.id, challengeId, response };
    run = await runner.submit(await visitNow(), submitted, owner);
  }
  if (run.step.type === 'denied') tally.refused += 1;
  check(store.effects, evidence, given);
}

/** What everybody has by the time of a session, from what was there and what was done before. */
function check(effects: readonly Effect[], evidence: readonly Evidence[], given: Scene): void {
  const having = new Set(
    everybody.flatMap(({ id, authenticators }) => (authenticators.length > 0 ? [id] : [])),
  );
  const made = new Set<string>();
  for (const effect of effects) {
    if (effect.type === 'createUser') made.add(effect.id);
    if (effect.type === 'addAuthenticator') having.add(effect.userId);
    if (effect.type !== 'openSession') continue;
    const { userId, amr, aal, waivesSecondFactor } = effect;
    opened.add(given.designation);
    const shown = amr.some((proof) => authenticatorOf(proof) !== undefined);
    const remembered = amr.includes('remembered');
    if (having.has(userId)) expect(shown || remembered || waivesSecondFactor).toBe(true);
    // An administrator has said so, and nobody else.
    const allPlaces = [...given.places, ...given.other];
    const isSaid = (kind: string, field: string) =>
      allPlaces.some((each) => each.kind === kind && field in each.config);
    if (waivesSecondFactor) expect(isSaid('user-login', 'asksForSecondFactor')).toBe(true);
    if (remembered) expect(given.browser && isSaid('authenticator-validate', 'rememberFor')).toBe(true);
    expect(userId).not.toBe('gone');
    expect(aal).toBe(assuranceLevel(amr));
    expect(amr.length).toBeGreaterThan(0);
    for (const proof of amr) expect(isFounded(proof, userId)).toBe(true);
    const possession = amr.some((proof) => ['otp', 'recovery-code', 'hwk', 'swk'].includes(proof));
    if (aal === 2) expect(possession && (amr.includes('pwd') || amr.includes('user'))).toBe(true);
    tally.sessions += 1;
    if (shown) tally.asked += 1;
    if (remembered) tally.remembered += 1;
    if (having.has(userId) && waivesSecondFactor && !shown) tally.waived += 1;
    if (aal === 2) tally.strong += 1;
    if (amr.includes('token')) tally.byToken += 1;
    if (made.has(userId)) tally.made += 1;
  }

  /** Whether something outside of the stages says the same. */
  function isFounded(proof: string, userId: string): boolean {
    switch (proof) {
      case 'token':
        return given.token === userId;
      case 'enrollment':
        return made.has(userId);
      case 'email':
        return effects.some((effect) => effect.type === 'verifyEmail' && effect.userId === userId);
      default:
        return evidence.some((found) => found.userId === userId && found.proof === proof);
    }
  }
}

describe('every way to a session, through flows of any stages, answered in any way', () => {
  it('asks for a second factor that is there, and says of the session what was verified and no more', async () => {
    await fc.assert(fc.asyncProperty(scene, play), {
      numRuns: Number(process.env.STAGEDOOR_PROPERTY_RUNS ?? 10_000),
    });
    // A test that never gets anywhere proves nothing.
    expect(Object.entries(tally).filter(([, count]) => count < 20)).toEqual([]);
    expect([...opened].toSorted()).toEqual([...designations].toSorted());
  }, 600_000);
});
