import { z } from 'zod';

import { CONFIGURED, planned } from '../../../test/support/blueprints.js';
import { INSTALLATION, stage } from '../../../test/support/definitions.js';
import { Catalogue } from '../../flow/catalogue.js';
import { stageKinds } from '../../stages/list.js';

const captcha = stageKinds.find(({ name }) => name === 'captcha');
/** As it is kept: with defaults for the rest. */
const kept = captcha?.config.parse({
  provider: 'TURNSTILE',
  siteKey: 'before',
  secretKey: { sealed: 'what administrators have put there' },
});
const present = stage('captcha', 'captcha', z.record(z.string(), z.json()).parse(kept));
const catalogue = new Catalogue({
  ...{ version: 1, installation: INSTALLATION, flows: [], policies: [], promptFields: [] },
  ...{ stages: [present], defaultFlows: new Map(), referringStages: new Map() },
});

const applied = (keepsSecrets: boolean, provider = 'TURNSTILE') =>
  planned(
    `stagedoor: 1
name: captcha
entries:
  - stage: captcha
    config: { provider: ${provider}, siteKey: after, secretKey: { secret: ${CONFIGURED.name} } }`,
    { catalogue, keepsSecrets },
  );
/** Which of those that the document mentions are written; the rest have their defaults. */
const fields = async (...how: Parameters<typeof applied>): Promise<unknown> => {
  const { changes, problems } = await applied(...how);
  expect(problems).toEqual([]);
  const mentioned = /^config\.(provider|siteKey|secretKey)$/;
  return changes.flatMap((change) => change.fields.filter((field) => mentioned.test(field))).toSorted();
};

describe('a secret that a stage has', () => {
  it('is another one where the operator has configured another', async () => {
    expect(await fields(false)).toEqual(['config.secretKey', 'config.siteKey']);
  });

  it('is left alone where what is applied keeps secrets', async () => {
    expect(await fields(true)).toEqual(['config.siteKey']);
  });

  it('is told nobody else, whatever is applied', async () => {
    expect(await fields(true, 'HCAPTCHA')).toEqual(['config.provider', 'config.secretKey', 'config.siteKey']);
  });
});
