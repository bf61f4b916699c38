import { catalogueOf, person, viewer } from '../../test/support/definitions.js';
import { NOW } from '../../test/support/engine.js';
import { isStrongerProofDue, ownership } from './ownership.js';
import type { Proof } from './proof.js';
import type { OwnedAuthenticator } from './services/users.js';
import type { Viewer } from './stage-kind.js';

const app: OwnedAuthenticator = { id: 'app', kind: 'TOTP', usable: true, verifiesUser: false };
const phone: OwnedAuthenticator = { id: 'phone', kind: 'SMS', usable: true, verifiesUser: false };
const ada = (...authenticators: readonly OwnedAuthenticator[]) => person('ada', { authenticators });
const signedIn = (aal: number, ...amr: readonly Proof[]): Viewer => ({ ...viewer(person('ada')), amr, aal });

describe('a stronger proof', () => {
  it.each<[string, readonly Proof[], Viewer | null, boolean]>([
    ['a password', ['pwd'], null, true],
    ['a mail', ['email'], null, true],
    ['the link of an administrator', ['token'], null, true],
    ['a password and that a second factor was remembered', ['pwd', 'remembered'], null, true],
    ['a password and a code', ['pwd', 'otp'], null, false],
    ['a mail and a recovery code', ['email', 'recovery-code'], null, false],
    ['a session by a password', [], signedIn(1, 'pwd'), true],
    ['a session by a password and a remembered factor', [], signedIn(1, 'pwd', 'remembered'), true],
    ['a session by a password and a code', [], signedIn(2, 'pwd', 'otp'), false],
    ['a mail besides such a session', ['email'], signedIn(2, 'pwd', 'otp'), true],
    ['the session of somebody else', [], { ...signedIn(2, 'pwd', 'otp'), user: person('eve') }, true],
  ])(
    'of somebody with an app who has shown %s is asked for where it takes one',
    (_, proofs, session, due) => {
      expect(isStrongerProofDue({ proofs, viewer: session }, ada(app))).toBe(due);
    },
  );

  it('is never due of somebody who has set up nothing', () => {
    expect(isStrongerProofDue({ proofs: ['email'], viewer: null }, ada())).toBe(false);
    expect(isStrongerProofDue({ proofs: [], viewer: signedIn(1, 'pwd') }, ada())).toBe(false);
  });

  it('is due where all that there is is disabled, though their level is as low as the session is', () => {
    const user = ada({ ...app, usable: false });
    expect(isStrongerProofDue({ proofs: [], viewer: signedIn(1, 'pwd') }, user)).toBe(true);
    expect(isStrongerProofDue({ proofs: [], viewer: signedIn(2, 'pwd', 'otp') }, user)).toBe(false);
  });

  it('is due of a session by a password alone where there is but a telephone, which raises no level', () => {
    expect(isStrongerProofDue({ proofs: [], viewer: signedIn(1, 'pwd') }, ada(phone))).toBe(true);
    expect(isStrongerProofDue({ proofs: [], viewer: signedIn(1, 'pwd', 'sms') }, ada(phone))).toBe(false);
  });

  it('is due of a session at a lower level than the person has come to by now', () => {
    expect(isStrongerProofDue({ proofs: [], viewer: signedIn(1, 'pwd', 'sms') }, ada(phone, app))).toBe(true);
  });
});

describe('ownership', () => {
  const services = { definitions: catalogueOf() };
  const run = { proofs: [], viewer: null, now: NOW, services };

  it('is proved by what was verified, and by having signed in lately', () => {
    expect(ownership({ ...run, proofs: ['email'] }, ada())).toBe('PROVEN');
    expect(ownership({ ...run, viewer: { ...signedIn(1, 'pwd'), createdAt: NOW } }, ada())).toBe('PROVEN');
    expect(ownership({ ...run, viewer: signedIn(1, 'pwd') }, ada())).toBe('SIGNED_IN');
    expect(ownership(run, ada())).toBe('NONE');
  });

  it('is nothing of somebody who is disabled, whatever they show', () => {
    expect(ownership({ ...run, proofs: ['pwd', 'otp'] }, person('ada', { active: false }))).toBe('NONE');
  });
});
