import { z } from 'zod';

import { TELLING_MISSING } from '../kernel/schema-problems.js';
import { commonErrorCodes, responseErrors } from './response-errors.js';
import { typedPassword, typedText } from './answer-text.js';

const CANARY = 'canary4711';
const form = z.strictObject({
  name: typedText(8),
  password: typedPassword,
  inner: z.strictObject({ list: z.array(z.enum(['A', 'B'])).max(2) }).optional(),
  sure: z.literal(true).optional(),
});

function errorsFor(answer: unknown) {
  const parsed = form.safeParse(answer, TELLING_MISSING);
  if (parsed.success) throw new Error('the answer was accepted');
  return responseErrors(parsed.error);
}
const codes = (answer: unknown) => errorsFor(answer).map(({ field, code }) => [field, code]);
const good = { name: 'ada', password: 'secret' };

describe('what was wrong with an answer', () => {
  it.each<[string, unknown, [string | null, string][]]>([
    [
      'an empty answer',
      {},
      [
        ['name', 'REQUIRED'],
        ['password', 'REQUIRED'],
      ],
    ],
    ['empty text', { ...good, name: '' }, [['name', 'REQUIRED']]],
    ['text that is too long', { ...good, name: CANARY }, [['name', 'TOO_LONG']]],
    ['something other than text', { ...good, name: 4711 }, [['name', 'INVALID']]],
    ['null', { ...good, name: null }, [['name', 'INVALID']]],
    ['text that cannot be stored', { ...good, name: 'a\0b' }, [['name', 'INVALID']]],
    ['half a character', { ...good, name: 'a\ud800' }, [['name', 'INVALID']]],
    ['a field too many', { ...good, admin: CANARY }, [[null, 'UNKNOWN_FIELD']]],
    ['a value within', { ...good, inner: { list: ['A', CANARY] } }, [['inner.list.1', 'INVALID']]],
    ['too many values', { ...good, inner: { list: ['A', 'B', 'A'] } }, [['inner.list', 'TOO_LONG']]],
    ['no consent', { ...good, sure: false }, [['sure', 'INVALID']]],
    ['no object at all', CANARY, [[null, 'INVALID']]],
    ['a list', [CANARY], [[null, 'INVALID']]],
  ])('is named for %s', (_name, answer, expected) => {
    expect(codes(answer)).toEqual(expected);
  });

  it.each([
    { ...good, name: CANARY },
    { ...good, name: { [CANARY]: CANARY } },
    { ...good, password: [CANARY] },
    { ...good, password: `${CANARY}${'x'.repeat(600)}` },
    { ...good, [CANARY]: 1 },
    { ...good, inner: { list: [CANARY] } },
    { ...good, inner: { list: CANARY } },
    { ...good, sure: CANARY },
    CANARY,
  ])('never quotes the answer (%#)', (answer) => {
    const errors = errorsFor(answer);
    expect(JSON.stringify(errors)).not.toContain(CANARY);
    for (const { code, message } of errors)
      expect(Object.entries(commonErrorCodes)).toContainEqual([code, message]);
  });
});

describe('a password', () => {
  it.each(['x', ' ', ' both ends ', 'ß'.repeat(256), '💂'.repeat(256)])(
    'may be anything up to 256 characters',
    (password) => {
      expect(form.parse({ ...good, password }).password).toBe(password);
    },
  );

  it.each(['', 'a'.repeat(257), '💂'.repeat(257), 'a\0', '\udfff'])(
    'may not be empty, longer, or no text',
    (password) => {
      expect(form.safeParse({ ...good, password }).success).toBe(false);
    },
  );
});
