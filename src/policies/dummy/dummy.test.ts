import { judged } from '../../../test/support/policy-run.js';
import { dummyPolicy } from './policy.js';

describe('a dummy policy', () => {
  it('fails, and says nothing, where it is told nothing', async () => {
    expect(await judged(dummyPolicy, {})).toMatchObject({ passing: false, messages: [] });
  });

  it('says what it is told to, whether it passes or not', async () => {
    for (const result of [true, false]) {
      expect(await judged(dummyPolicy, { result, message: 'dummy' })).toMatchObject({
        passing: result,
        messages: ['dummy'],
      });
    }
  });

  it('comes to no verdict where it is told to fail', async () => {
    await expect(judged(dummyPolicy, { result: true, throwError: true })).rejects.toThrow('was told to fail');
  });
});
