import { asPromptData, invitationFields } from './invitation-rules.js';

/** Where a piece of fixed data is refused, and why. */
function problemsOf(fixedData: unknown): unknown[] {
  const { error } = invitationFields.safeParse({ name: 'for Ada', fixedData });
  return (error?.issues ?? []).map((issue) => [
    issue.path.join('.'),
    issue.code === 'custom' ? String(issue.params?.code) : issue.code,
  ]);
}

describe('what an invitation fixes', () => {
  it('is text, numbers and truth, and reaches prompts as it is', () => {
    const fixedData = { email: 'ada@example.org', username: 'ada', floor: 3, remote: false };
    expect(invitationFields.parse({ name: 'for Ada', fixedData }).fixedData).toEqual(fixedData);
    expect(asPromptData(fixedData)).toEqual(fixedData);
  });

  it('reaches prompts as text where an account has it as text', () => {
    expect(asPromptData({ username: 1815, name: 1852, age: 36 })).toEqual({
      ...{ username: '1815', name: '1852', age: 36 },
    });
  });

  it.each(['null', '[]', '"text"', '7'])('is an object, and not %s', (json) => {
    expect(problemsOf(JSON.parse(json))).toHaveLength(1);
  });

  it.each([
    ['{"__proto__": "x"}', 'fixedData.__proto__', 'FORBIDDEN_KEY'],
    ['{"constructor": "x"}', 'fixedData.constructor', 'FORBIDDEN_KEY'],
    ['{"toString": "x"}', 'fixedData.toString', 'FORBIDDEN_KEY'],
    ['{"": "x"}', 'fixedData.', 'FORBIDDEN_KEY'],
    ['{"Upper": "x"}', 'fixedData.Upper', 'FORBIDDEN_KEY'],
    ['{"a..b": "x"}', 'fixedData.a..b', 'FORBIDDEN_KEY'],
    ['{"a.__proto__": "x"}', 'fixedData.a.__proto__', 'FORBIDDEN_KEY'],
    ['{"a.constructor.b": "x"}', 'fixedData.a.constructor.b', 'FORBIDDEN_KEY'],
    ['{"password": "a long enough password"}', 'fixedData.password', 'FORBIDDEN_KEY'],
    ['{"invitationToken": "x"}', 'fixedData.invitationToken', 'FORBIDDEN_KEY'],
    ['{"a": null}', 'fixedData.a', 'INVALID'],
    ['{"a": ["x"]}', 'fixedData.a', 'INVALID'],
    ['{"a": {"b": "x"}}', 'fixedData.a', 'INVALID'],
    ['{"a": "x\\u0000"}', 'fixedData.a', 'NOT_STORABLE'],
    ['{"email": "nowhere"}', 'fixedData.email', 'INVALID_EMAIL'],
    ['{"username": ""}', 'fixedData.username', 'INVALID_USERNAME'],
    ['{"username": " ada"}', 'fixedData.username', 'INVALID_USERNAME'],
  ])('is not %s', (json, path, code) => {
    expect(problemsOf(JSON.parse(json))).toEqual([[path, code]]);
  });

  it('has a limit, for each value and in all', () => {
    expect(problemsOf({ a: 'x'.repeat(1000) })).toEqual([]);
    expect(problemsOf({ a: 'x'.repeat(1001) })).toEqual([['fixedData.a', 'TOO_LONG']]);
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`a${index}`, 'x'.repeat(900)]));
    expect(problemsOf(many)).toEqual([['fixedData', 'TOO_LARGE']]);
  });
});

describe('how long an invitation is good', () => {
  it('is a week unless somebody says otherwise; null is for ever', () => {
    expect(invitationFields.parse({ name: 'for Ada' }).lifetime).toBe('P7D');
    expect(invitationFields.parse({ name: 'for Ada', lifetime: null }).lifetime).toBeNull();
  });

  it.each(['PT59S', 'P366D', 'P1M', 'soon', ''])('cannot be %p', (lifetime) => {
    expect(invitationFields.safeParse({ name: 'for Ada', lifetime }).success).toBe(false);
  });
});
