import { orderProblems } from './stage-order.js';

const codes = (bindingIds: readonly string[]) =>
  orderProblems(['a', 'b', 'c'], bindingIds).map(({ path, code }) => `${path} ${code}`);

describe('an order of the stages of a flow', () => {
  it('is right where each one stands in it once', () => {
    expect(codes(['c', 'a', 'b'])).toEqual([]);
    expect(orderProblems([], [])).toEqual([]);
  });

  it('is wrong where one is missing, repeated or of another flow, and says so of each', () => {
    expect(codes(['a', 'a', 'x'])).toEqual([
      'bindingIds.1 REPEATED',
      'bindingIds.2 FOREIGN',
      'bindingIds INCOMPLETE',
    ]);
    expect(orderProblems(['a', 'b'], [])).toEqual([
      { path: 'bindingIds', code: 'INCOMPLETE', message: 'These are missing: a, b.' },
    ]);
    expect(codes(['__proto__', 'a', 'b', 'c'])).toEqual(['bindingIds.0 FOREIGN']);
  });
});
