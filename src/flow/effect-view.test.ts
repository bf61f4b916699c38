import { Secret } from '../kernel/secret.js';
import type { Effect } from './effect.js';
import { effectKinds, isEffectKind } from './effect-kinds.js';
import { effectView } from './effect-view.js';

const CANARY = 'canary7Qx8';
const secret = new Secret(CANARY);

/** One effect of every kind, secret wherever it can be. */
const samples: { readonly [Kind in Effect['type']]: Extract<Effect, { type: Kind }> } = {
  createUser: {
    type: 'createUser',
    id: 'u1',
    username: 'ada',
    email: null,
    name: 'Ada',
    active: true,
    awaitsVerification: false,
    emailVerifiedAt: null,
    kind: 'EXTERNAL',
    path: 'users/external',
    attributes: {},
    createdAt: new Date('2030-01-01T00:00:00Z'),
    group: { id: 'g1', name: 'staff', superuser: false },
    groups: [{ id: 'g1', name: 'staff', superuser: false }],
  },
  updateUser: {
    type: 'updateUser',
    id: 'u1',
    changes: {
      email: 'ada@example.org',
      emailVerifiedAt: null,
      attributes: [{ path: ['settings', 'locale'], value: 'de' }],
    },
  },
  deleteUser: { type: 'deleteUser', id: 'u1' },
  setPassword: { type: 'setPassword', userId: 'u1', hash: secret, remembered: 0 },
  rehashPassword: { type: 'rehashPassword', userId: 'u1', from: secret, to: secret },
  openSession: {
    type: 'openSession',
    sessionId: 's1',
    userId: 'u1',
    token: secret,
    expiresAt: new Date('2030-01-01T00:00:00Z'),
    persistent: false,
    amr: ['pwd'],
    aal: 1,
    waivesSecondFactor: false,
  },
  addAuthenticator: {
    type: 'addAuthenticator',
    id: 'a1',
    userId: 'u1',
    kind: 'TOTP',
    name: 'App',
    data: { digits: 6 },
    secret,
    counter: 1,
    uniqueKey: null,
    codes: ['canary'],
    verifiesUser: false,
    stageId: null,
    replaces: false,
    createdAt: new Date('2030-01-01T00:00:00Z'),
  },
  useAuthenticator: {
    type: 'useAuthenticator',
    id: 'a1',
    userId: 'u1',
    at: new Date('2030-01-01T00:00:00Z'),
    counter: 2,
    code: null,
    data: null,
  },
  expectAuthenticators: { type: 'expectAuthenticators', userId: 'u1', known: ['a1'] },
  rememberBrowser: {
    type: 'rememberBrowser',
    id: 'b1',
    userId: 'u1',
    token: secret,
    replaces: secret,
    authenticators: 'a1',
    at: new Date('2030-01-01T00:00:00Z'),
    expiresAt: new Date('2030-01-02T00:00:00Z'),
  },
  sendText: {
    type: 'sendText',
    id: 't1',
    stageId: 's1',
    to: '+4915112345678',
    userId: 'u1',
    language: 'EN',
    secrets: { code: secret },
    expiresAt: new Date('2030-01-01T00:00:00Z'),
  },
  sendMail: {
    type: 'sendMail',
    id: 'm1',
    template: 'magic-link',
    to: CANARY,
    userId: 'u1',
    language: 'EN',
    values: { name: CANARY },
    secrets: { code: secret },
    expiresAt: new Date('2030-01-01T00:00:00Z'),
  },
  issueMailLink: {
    type: 'issueMailLink',
    id: 'l1',
    token: secret,
    flowId: 'f1',
    bindingId: 'b1',
    stageId: 's1',
    matchCode: secret,
    expiresAt: new Date('2030-01-01T00:00:00Z'),
  },
  confirmMailLink: { type: 'confirmMailLink', id: 'l1', executionId: 'e1' },
  verifyEmail: {
    type: 'verifyEmail',
    userId: 'u1',
    email: CANARY,
    verifiedAt: new Date('2030-01-01T00:00:00Z'),
    activates: true,
  },
  grantConsent: {
    type: 'grantConsent',
    userId: 'u1',
    stageId: 's1',
    permissions: ['terms'],
    expiresAt: null,
  },
  useOnce: { type: 'useOnce', key: CANARY, expiresAt: new Date('2030-01-01T00:00:00Z') },
  endSession: { type: 'endSession', sessionId: 's1' },
  endOtherSessions: { type: 'endOtherSessions', userId: 'u1', keptSessionId: 's1' },
  shutOutOthers: { type: 'shutOutOthers', userId: 'u1', keptSessionId: 's1' },
  forgetGuesses: { type: 'forgetGuesses', receipt: { accountKeys: [CANARY, CANARY], addressKey: CANARY } },
  changeReputation: {
    type: 'changeReputation',
    name: { identifier: CANARY, known: false },
    behaved: 'BADLY',
  },
  consumeFlowToken: { type: 'consumeFlowToken', id: 't1' },
  consumeInvitation: { type: 'consumeInvitation', id: 'i1', flowId: 'f1', userId: 'u1' },
  recordEvent: { type: 'recordEvent', action: 'LOGIN', userId: 'u1', details: { method: 'password' } },
};

describe('the view of an effect', () => {
  it.each(Object.entries(samples))('of the kind %s holds no secret, nor a place for one', (_kind, effect) => {
    const text = JSON.stringify(effectView(effect));
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(String(secret));
  });

  it('says whom and what it is about', () => {
    const about = Object.entries(samples).map(([kind, effect]) => [kind, effectView(effect)]);
    expect(Object.fromEntries(about)).toEqual({
      addAuthenticator: { authenticatorId: 'a1', userId: 'u1', kind: 'TOTP', name: 'App', replaces: false },
      useAuthenticator: { authenticatorId: 'a1', userId: 'u1' },
      expectAuthenticators: { userId: 'u1', known: ['a1'] },
      rememberBrowser: { userId: 'u1', expiresAt: '2030-01-02T00:00:00.000Z' },
      sendText: { textId: 't1', stageId: 's1', userId: 'u1' },
      createUser: {
        userId: 'u1',
        username: 'ada',
        email: null,
        name: 'Ada',
        active: true,
        kind: 'EXTERNAL',
        path: 'users/external',
        attributes: {},
        group: 'staff',
      },
      updateUser: {
        userId: 'u1',
        email: 'ada@example.org',
        emailVerified: false,
        attributes: { 'settings.locale': 'de' },
      },
      deleteUser: { userId: 'u1' },
      setPassword: { userId: 'u1' },
      rehashPassword: { userId: 'u1' },
      openSession: {
        sessionId: 's1',
        userId: 'u1',
        expiresAt: '2030-01-01T00:00:00.000Z',
        amr: ['pwd'],
        aal: 1,
        waivesSecondFactor: false,
      },
      sendMail: { mailId: 'm1', template: 'magic-link', userId: 'u1' },
      issueMailLink: { linkId: 'l1' },
      confirmMailLink: { linkId: 'l1', executionId: 'e1' },
      verifyEmail: { userId: 'u1', activates: true },
      grantConsent: { userId: 'u1', stageId: 's1', permissions: ['terms'] },
      useOnce: {},
      endSession: { sessionId: 's1' },
      endOtherSessions: { userId: 'u1' },
      shutOutOthers: { userId: 'u1' },
      forgetGuesses: { accounts: 2 },
      changeReputation: { known: false, behaved: 'BADLY' },
      consumeFlowToken: { flowTokenId: 't1' },
      consumeInvitation: { invitationId: 'i1', userId: 'u1' },
      recordEvent: { action: 'LOGIN', userId: 'u1', details: { method: 'password' } },
    });
  });
});

describe('the kinds of effects', () => {
  it('are all known by name, and nothing else is', () => {
    expect(Object.keys(effectKinds).toSorted()).toEqual(Object.keys(samples).toSorted());
    expect(Object.keys(samples).every(isEffectKind)).toBe(true);
    expect(['', 'toString', 'CREATE_USER'].some(isEffectKind)).toBe(false);
  });
});
