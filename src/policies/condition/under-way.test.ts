import { holds, judge } from '../../../test/support/conditions.js';
import { person } from '../../../test/support/definitions.js';

it('ends in an error where it is told to, which is neither verdict', async () => {
  const rule = [
    {
      type: 'if',
      when: { variable: 'execution.restored', operator: 'is_true' },
      then: [{ type: 'abort', message: 'Not here.' }],
    },
  ];
  expect(await judge(rule)).toMatchObject({ passing: true });
  await expect(judge(rule, { input: { restored: true } })).rejects.toThrow('actions.0.then.0: Not here.');
});

it('knows whom a passkey has named, and whether a stage is asked about', async () => {
  const ada = person('ada');
  const named = { user: ada, proofs: ['swk', 'user'] as const, context: { namedByPasskey: ada.id } };
  const passwordless = { variable: 'execution.passwordless', operator: 'is_true' };
  expect(await holds(passwordless, { input: named })).toBe(true);
  expect(await holds(passwordless, { input: { ...named, proofs: ['otp'] } })).toBe(false);
  expect(await holds(passwordless, { input: { ...named, user: person('eve') } })).toBe(false);
  expect(await holds(passwordless, { input: { ...named, context: {} } })).toBe(false);
  const underWay = { variable: 'execution.underWay', operator: 'is_true' };
  expect(await holds(underWay)).toBe(true);
  expect(await holds(underWay, { input: { mayWrite: false } })).toBe(false);
});
