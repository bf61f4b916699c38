import { sealedSecret } from '../flow/sealed-secret.js';
import { KeyRing } from '../identity/key-ring.js';
import { KeptStageSecrets } from './stage-secrets.js';

const KEYS = (['old', 'new'] as const).map((id, byte) => ({ id, bytes: Buffer.alloc(32, byte + 1) }));
const [OLD, NEW] = [KEYS[0], KEYS[1]];
if (!OLD || !NEW) throw new Error('two keys');

const kept = new KeptStageSecrets(new KeyRing([OLD]));
const rotated = new KeptStageSecrets(new KeyRing([NEW, OLD]));
const place = { stageId: 'one', field: 'secretKey' };

const sealed = (secrets = kept, value: object | string = 'a secret', from = 'one', to = 'one') =>
  secrets.sealed({ siteKey: 'open', secretKey: JSON.parse(JSON.stringify(value)) }, ['secretKey'], to, from);
const secretOf = ({ secretKey }: ReturnType<typeof sealed>) => sealedSecret.parse(secretKey);

describe('a secret of a stage', () => {
  it('is kept encrypted, and opened for the stage and field that it belongs to alone', () => {
    const config = sealed();
    expect(JSON.stringify(config)).not.toContain('a secret');
    expect(config).toMatchObject({ siteKey: 'open' });
    expect(kept.open(secretOf(config), place)?.reveal()).toBe('a secret');
    expect(kept.open(secretOf(config), { ...place, stageId: 'other' })).toBeUndefined();
    expect(kept.open(secretOf(config), { ...place, field: 'other' })).toBeUndefined();
    expect(kept.open({ sealed: 'nonsense' }, place)).toBeUndefined();
  });

  it('stays as it is where the stage is changed otherwise', () => {
    const config = sealed();
    expect(sealed(kept, secretOf(config))).toEqual(config);
  });

  it('goes along with a copy of the stage, sealed for that', () => {
    const copy = sealed(rotated, secretOf(sealed()), 'one', 'copy');
    expect(rotated.open(secretOf(copy), { ...place, stageId: 'copy' })?.reveal()).toBe('a secret');
    expect(rotated.open(secretOf(copy), place)).toBeUndefined();
  });

  it('is opened with a key that has been replaced, and not without it', () => {
    expect(rotated.open(secretOf(sealed()), place)?.reveal()).toBe('a secret');
    expect(new KeptStageSecrets(new KeyRing([NEW])).open(secretOf(sealed()), place)).toBeUndefined();
  });

  it('that cannot be opened cannot be copied either', () => {
    expect(() => sealed(kept, { sealed: 'nonsense' }, 'one', 'copy')).toThrow('cannot be opened');
  });
});
