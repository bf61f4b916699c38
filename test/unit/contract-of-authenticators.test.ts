import { readdirSync } from 'node:fs';

import { secondsAfter } from '../../src/kernel/clock.js';
import { authenticatorRun } from '../../src/flow/authenticating.js';
import type { Authenticator, CheckAnswer, CheckRequest } from '../../src/flow/authenticator-kind.js';
import { authenticatorKindNames } from '../../src/flow/authenticator-kind-names.js';
import type { Proof } from '../../src/flow/proof.js';
import { authenticatorOf } from '../../src/flow/second-factor.js';
import type { AuthenticatorKindDefinition } from '../../src/authenticators/define.js';
import { authenticatorKinds } from '../../src/authenticators/list.js';
import { setUpBy, setupStageKinds } from '../../src/stages/setup-stage-kinds.js';
import { malformed } from '../support/sample.js';
import { sampleOwner } from '../support/sample-authenticators.js';
import type { SampleOwner } from '../support/sample-authenticators.js';
import { NOW } from '../support/engine.js';

const DEMANDS = { userVerification: 'PREFERRED', hints: [], allowedModels: [] } as const;
/** When it is used: not in the moment that it was set up in. */
const LATER = secondsAfter(NOW, 60);

it('there is one folder for every authenticator kind of the list, under its name, and no other', () => {
  const folders = readdirSync(new URL('../../src/authenticators/', import.meta.url), { withFileTypes: true });
  const names = authenticatorKinds.map(({ name }) => name);
  const found = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name.toUpperCase());
  expect(found.toSorted()).toEqual(names.toSorted());
  expect(names.toSorted()).toEqual(authenticatorKindNames.toSorted());
});

it('one stage kind sets up each', () => {
  const names = authenticatorKinds.map(({ name }) => name);
  expect(setupStageKinds.map(setUpBy).toSorted()).toEqual(names.toSorted());
});

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const laterRun = ({ run, user }: SampleOwner) => ({ ...authenticatorRun(run, user), now: LATER });
const requested = (owner: SampleOwner): Promise<CheckRequest> =>
  owner.kind.request(laterRun(owner), [owner.authenticator], DEMANDS);
const keptOf = (request: CheckRequest) => (request.type === 'requested' ? request.kept : null);

const check = (
  owner: SampleOwner,
  answer: CheckAnswer,
  request: CheckRequest,
  authenticator: Authenticator = owner.authenticator,
) => owner.kind.check(laterRun(owner), authenticator, answer, keptOf(request), DEMANDS);

const hostile: readonly CheckAnswer[] = [
  ...[
    '',
    ' ',
    '000000',
    '٠١٢٣٤٥',
    '１２３４５６',
    '-1',
    '1e5',
    '\0',
    '\uD800',
    'NaN',
    'x'.repeat(10_000),
  ].map((code) => ({ code })),
  ...[{}, { id: 'x' }, { id: '__proto__', response: {} }, { response: [] }, { id: 'x'.repeat(10_000) }].map(
    (passkey) => ({ passkey }),
  ),
];

describe.each(authenticatorKinds.map((kind): [string, AuthenticatorKindDefinition] => [kind.name, kind]))(
  'the authenticator kind %s',
  (name, kind) => {
    let owner: SampleOwner;
    let other: SampleOwner;
    beforeAll(async () => {
      [owner, other] = [await sampleOwner(kind), await sampleOwner(kind)];
    });

    it('has a sentence for administrators', () => {
      expect(kind.description).toMatch(/^[A-Z].*\.$/);
    });

    it('shows at the beginning what its stage says that it shows, and survives JSON', () => {
      const { asked, stage } = owner;
      expect(stage.interaction?.challenge.parse(json(asked.challenge))).toEqual(asked.challenge);
      expect(json(asked.changes)).toEqual(asked.changes);
    });

    it('begins once, however often its owner looks: nothing is sent or made twice', async () => {
      const { stage, run, asked } = owner;
      const [again, twice] = [await stage.present(run), await stage.present(run)];
      expect(again).toMatchObject({ type: 'ask', changes: [], effects: [] });
      expect(twice).toEqual(again);
      for (const { type } of asked.effects) expect(['sendMail', 'sendText']).toContain(type);
    });

    it('is set up by nothing that is malformed, empty or somebody else’s', async () => {
      const { stage, run, answer } = owner;
      for (const wrong of [{}, ...malformed(answer), ...(isTold(kind) ? [] : [other.answer])]) {
        // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- What must not matter is just that it is not the type that was promised.
        const outcome = await stage.answer?.(run, wrong as typeof answer);
        expect([wrong, outcome?.type]).not.toEqual([wrong, 'pass']);
      }
    });

    it('says nothing secret in what administrators and its owner are shown of it', () => {
      const { added, authenticator, secrets, asked } = owner;
      const { data, name: called, uniqueKey } = added;
      const shown = JSON.stringify([data, called, uniqueKey, kind.hint(authenticator)]);
      const codes = [asked.challenge.codes ?? []].flat().map(String);
      for (const secret of [...secrets, ...codes, ...(added.secret ? [added.secret.reveal()] : [])])
        expect(shown).not.toContain(secret);
      expect(kind.data.parse(json(data))).toEqual(data);
    });

    it('asks for nothing that tells the answer', async () => {
      const request = await requested(owner);
      const answer = owner.use(request, LATER);
      if (request.type !== 'requested') throw new Error('nothing was requested');
      expect(json(request.kept)).toEqual(request.kept);
      for (const { type } of request.effects) expect(['sendMail', 'sendText']).toContain(type);
      if ('code' in answer) expect(JSON.stringify([request.shown, request.kept])).not.toContain(answer.code);
    });

    it('is right where its owner answers, and proves nothing but itself', async () => {
      const request = await requested(owner);
      const outcome = await check(owner, owner.use(request, LATER), request);
      if (outcome.type !== 'right') throw new Error(`wrong: ${outcome.code}`);
      const proofs = outcome.proofs.filter((proof: Proof) => proof !== 'user');
      expect(proofs.map(authenticatorOf)).toEqual([name]);
      expect(json(outcome)).toEqual(outcome);
    });

    it('is never right, and never fails, where an answer is empty, foreign or malformed', async () => {
      const request = await requested(owner);
      for (const answer of hostile)
        expect(await check(owner, answer, request)).toMatchObject({
          type: 'wrong',
          code: expect.any(String),
        });
    });

    it('is not right by what is right for another person', async () => {
      const request = await requested(other);
      const answer = other.use(request, LATER);
      expect(await check(owner, answer, request)).toMatchObject({ type: 'wrong' });
      expect(await check(owner, answer, await requested(owner))).toMatchObject({ type: 'wrong' });
    });

    it('is not right once more: not once it was used, or by what was asked before', async () => {
      const request = await requested(owner);
      const answer = owner.use(request, LATER);
      const outcome = await check(owner, answer, request);
      if (outcome.type !== 'right') throw new Error(`wrong: ${outcome.code}`);
      const { authenticator } = owner;
      const used = {
        ...authenticator,
        counter: outcome.counter ?? authenticator.counter,
        codes: authenticator.codes.filter((code) => code !== outcome.code),
      };
      const next = kind.answeredBy === 'CODE' ? request : await requested(owner);
      expect(await check(owner, answer, next, used)).toMatchObject({ type: 'wrong' });
      const isAsked = kind.answeredBy !== 'CODE';
      if (isAsked)
        expect(await check(owner, answer, { type: 'unavailable' })).toMatchObject({ type: 'wrong' });
    });

    it('is not right where its secret cannot be opened any more', async () => {
      const request = await requested(owner);
      const answer = owner.use(request, LATER);
      const sealed = { ...owner.authenticator, secret: null };
      const outcome = await check(owner, answer, request, sealed);
      expect(outcome.type).toBe(owner.authenticator.secret ? 'wrong' : 'right');
    });

    it('is found by its key alone, where what it answers says which it is', async () => {
      const answer = owner.use(await requested(owner), LATER);
      const key = kind.keyOf(answer);
      expect(key).toBe(kind.answeredBy === 'PASSKEY' ? owner.added.uniqueKey : undefined);
      for (const wrong of hostile) expect(kind.keyOf(wrong)).not.toBe(owner.added.uniqueKey ?? '');
    });
  },
);

/** Whether its owner is told it, and only has to say that they have kept it. */
function isTold({ name }: AuthenticatorKindDefinition): boolean {
  return name === 'STATIC';
}
