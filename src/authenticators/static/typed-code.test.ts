import { typedRecoveryCode } from './typed-code.js';

const CODE = 'ABOL2345IJKLMNOP';

describe('a recovery code as somebody types it', () => {
  it.each([
    ['as it is shown', 'ABOL-2345-IJKL-MNOP'],
    ['without hyphens', CODE],
    ['in small letters', 'abol-2345-ijkl-mnop'],
    ['with spaces all over', ' ABOL 2345  IJKL\tMNOP\n'],
    ['with dashes for hyphens', 'ABOL–2345—IJKL‐MNOP'],
    ['with wide characters', 'ＡＢＯＬ２３４５ＩＪＫＬＭＮＯＰ'],
    ['with the digits that letters look like', 'A80L-2345-IJKL-MN0P'],
  ])('is understood %s', (_how, typed) => {
    expect(typedRecoveryCode(typed)).toBe(CODE);
  });

  it.each([
    'ABOL-2345-1JKL-MNOP',
    'ABOL-2345-IJKL-MNO',
    'ABOL_2345_IJKL_MNOP',
    'АBOL-2345-IJKL-MNOP',
    '',
    '---',
  ])('is not taken for another: %p', (typed) => {
    expect(typedRecoveryCode(typed)).not.toBe(CODE);
  });
});
