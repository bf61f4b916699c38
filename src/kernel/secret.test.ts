import { format, inspect } from 'node:util';

import { Secret } from './secret.js';

const CANARY = 'canary-4711';
const secret = new Secret(CANARY);

describe('a secret', () => {
  it('is given out by reveal alone', () => {
    expect(secret.reveal()).toBe(CANARY);
  });

  it.each<[string, () => string]>([
    ['String', () => String(secret)],
    ['a template', () => `a ${String(secret)}`],
    ['concatenation', () => ['', secret].join('')],
    ['JSON', () => JSON.stringify({ secret, list: [secret] })],
    ['inspect', () => inspect({ secret }, { depth: null, showHidden: true, getters: true })],
    ['inspect without its own rule', () => inspect(secret, { customInspect: false, showHidden: true })],
    ['format', () => format('%s %j %o %O', secret, secret, secret, secret)],
    ['an error', () => inspect(new Error('failed', { cause: secret }))],
    ['its own entries', () => JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)])],
    ['a copy', () => inspect(Object.assign({}, secret)) + inspect(structuredClone(secret))],
  ])('does not show in %s', (_name, print) => {
    expect(print()).not.toContain(CANARY);
  });

  it('shows that there is one', () => {
    expect(JSON.stringify(secret)).toBe('"[secret]"');
  });
});
