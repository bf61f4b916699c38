import { checkStageConfig } from '../configuration.js';
import { redirectStage } from './stage.js';
import { isWebAddress } from './web-address.js';

const FLOW = '00000000-0000-4000-8000-000000000001';
const check = (config: object) => checkStageConfig(redirectStage, config, () => true);

describe('where a redirect stage may lead', () => {
  it.each([
    'https://www.example.com/help?a=b#c',
    'http://localhost:3000',
    'HTTPS://EXAMPLE.COM/',
    '/help',
    '/help?from=login#top',
  ])('can be %s', (address) => {
    expect(isWebAddress(address)).toBe(true);
  });

  it.each([
    '',
    'help',
    '//evil.example/x',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://user:secret@evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.com/',
    'https://',
    'https://here.invalid.example\n.evil.example/ ',
    '/a/../../../..//evil.example',
  ])('cannot be %j', (address) => {
    expect(isWebAddress(address)).toBe(false);
  });
});

describe('the configuration of a redirect stage', () => {
  it.each([
    ['an address', { url: '/help' }],
    ['a flow', { flowId: FLOW }],
    ['a flow to come back from', { flowId: FLOW, keepContext: false, returns: true }],
  ])('can name %s', async (_what, config) => {
    expect(await check(config)).toMatchObject({ ok: true, config });
  });

  it.each([
    ['nothing', {}],
    ['both', { url: '/help', flowId: FLOW }],
  ])('cannot name %s', async (_what, config) => {
    expect(await check(config)).toMatchObject({ ok: false, problems: [{ path: 'url' }] });
  });
});
