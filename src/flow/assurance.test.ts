import fc from 'fast-check';

import { person } from '../../test/support/definitions.js';
import { assuranceLevel, demandedLevel } from './assurance.js';
import { authenticatorKindNames } from './authenticator-kind-names.js';
import { proofKinds } from './proof.js';
import type { Proof } from './proof.js';
import { authenticatorOf, isSecondFactorDue, isSecondFactorSettled, proofsBy } from './second-factor.js';
import type { OwnedAuthenticator } from './services/users.js';

const proofs = fc.subarray([...proofKinds]);
const authenticator: fc.Arbitrary<OwnedAuthenticator> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom(...authenticatorKindNames),
  usable: fc.boolean(),
  verifiesUser: fc.boolean(),
});

describe('the level of a session', () => {
  it.each<[readonly Proof[], number]>([
    [[], 0],
    [['remembered'], 0],
    [['pwd'], 1],
    [['email'], 1],
    [['otp'], 1],
    [['swk'], 1],
    [['pwd', 'remembered'], 1],
    [['pwd', 'sms'], 1],
    [['pwd', 'email-otp'], 1],
    [['pwd', 'email', 'sms', 'email-otp', 'token', 'enrollment', 'user', 'remembered'], 1],
    [['email', 'otp'], 1],
    [['token', 'recovery-code'], 1],
    [['pwd', 'otp'], 2],
    [['pwd', 'recovery-code'], 2],
    [['pwd', 'swk'], 2],
    [['hwk', 'user'], 2],
    [['swk', 'user'], 2],
  ])('that rests on %j is %i', (shown, level) => {
    expect(assuranceLevel(shown)).toBe(level);
  });

  it('is 2 only with something that the person has, and something that they know or are', () => {
    fc.assert(
      fc.property(proofs, (shown) => {
        if (assuranceLevel(shown) < 2) return;
        const has = shown.some((proof) => ['otp', 'recovery-code', 'hwk', 'swk'].includes(proof));
        expect(has && shown.some((proof) => proof === 'pwd' || proof === 'user')).toBe(true);
      }),
    );
  });

  it('is never raised by a mail, a telephone, a link, or by being remembered', () => {
    const weak: readonly Proof[] = ['email', 'email-otp', 'sms', 'token', 'enrollment', 'remembered'];
    fc.assert(
      fc.property(proofs, fc.subarray([...weak]), (shown, more) => {
        const level = assuranceLevel(shown);
        expect(assuranceLevel([...shown, ...more])).toBeLessThanOrEqual(Math.max(level, 1));
      }),
    );
  });

  it('falls with nothing that is shown besides, and asks for no order', () => {
    fc.assert(
      fc.property(proofs, proofs, (shown, more) => {
        expect(assuranceLevel([...shown, ...more])).toBeGreaterThanOrEqual(assuranceLevel(shown));
        expect(assuranceLevel(shown.toReversed())).toBe(assuranceLevel(shown));
      }),
    );
  });

  it('is nobody’s who has set up nothing that would make it, and somebody’s who shows all that they have', () => {
    fc.assert(
      fc.property(fc.array(authenticator, { maxLength: 4 }), fc.boolean(), (authenticators, hasPassword) => {
        const shown = authenticators.flatMap(({ kind, verifiesUser }) =>
          proofsBy(kind).filter((proof) => proof !== 'user' || verifiesUser),
        );
        const all = assuranceLevel(hasPassword ? ['pwd', ...shown] : shown);
        expect(demandedLevel(person('ada', { authenticators, hasPassword }))).toBe(Math.max(all, 1));
      }),
    );
  });
});

describe('a second factor', () => {
  it.each(authenticatorKindNames)('of the kind %s is shown by what that kind proves', (kind) => {
    expect(
      proofsBy(kind)
        .map(authenticatorOf)
        .filter((shown) => shown !== undefined),
    ).toEqual([kind]);
  });

  it('is due as long as neither one was shown nor one was remembered, disabled or not', () => {
    fc.assert(
      fc.property(fc.array(authenticator, { maxLength: 3 }), proofs, (authenticators, shown) => {
        const settled = shown.includes('remembered') || shown.some((proof) => authenticatorOf(proof));
        expect(isSecondFactorSettled(shown)).toBe(settled);
        expect(isSecondFactorDue({ authenticators }, shown)).toBe(authenticators.length > 0 && !settled);
      }),
    );
  });
});
