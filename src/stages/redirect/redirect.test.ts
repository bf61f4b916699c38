import { INSTALLATION, flow } from '../../../test/support/definitions.js';
import { agreeableRun } from '../../../test/support/stage-run.js';
import { redirectTargetKey } from '../../flow/context-keys.js';
import type { PresentOutcome } from '../../flow/outcome.js';
import { acceptableNext } from '../../flow/next.js';
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

describe('what a policy has set as the target', () => {
  /** What the stage does in an installation that allows https://app.example, and has the flow `other`. */
  function present(config: object, target?: string): Promise<PresentOutcome> {
    const { run } = agreeableRun('redirect', {
      keepContext: true,
      returns: false,
      url: null,
      flowId: null,
      ...config,
    });
    const other = flow([], { id: 'the other flow', slug: 'other' });
    const services = {
      ...run.services,
      definitions: {
        installation: INSTALLATION,
        flow: () => undefined,
        promptField: () => undefined,
        stage: () => undefined,
        flowBySlug: (slug: string) => (slug === other.slug ? other : undefined),
      },
      destinations: {
        acceptable: (address: string) =>
          acceptableNext(address, 'https://id.example', ['https://app.example']),
      },
    };
    const changes = target === undefined ? [] : [redirectTargetKey.to(target)];
    return redirectStage.present({ ...run, services, context: run.context.with(changes) });
  }
  const used = [redirectTargetKey.cleared()];
  const configured = { url: 'https://elsewhere.example/help' };

  it.each([
    ['/welcome?name=Ada#top', '/welcome?name=Ada#top'],
    ['https://id.example/welcome', '/welcome'],
    // Without slashes it is a path, as browsers read it.
    ['https:evil.example', '/evil.example'],
    ['https://app.example/welcome', 'https://app.example/welcome'],
  ])('leads to an address in place of what is configured: %s', async (target, to) => {
    for (const config of [configured, { flowId: FLOW }]) {
      expect(await present(config, target)).toMatchObject({ type: 'ask', challenge: { to } });
    }
  });

  it('leads to a flow in place of what is configured, in the way that is configured, and is used up by that', async () => {
    const entered = { type: 'enter', flowId: 'the other flow', changes: used };
    expect(await present(configured, 'flow:other')).toEqual({
      ...entered,
      keepContext: true,
      returns: false,
    });
    const how = { keepContext: false, returns: true };
    expect(await present({ flowId: FLOW, ...how }, 'flow:other')).toEqual({ ...entered, ...how });
  });

  it.each(['flow:gone', 'flow:', 'flow:../other', 'flow://other'])(
    'gives way to what is configured where there is no such flow: %s',
    async (target) => {
      expect(await present(configured, target)).toMatchObject({
        type: 'ask',
        challenge: { to: configured.url },
      });
      expect(await present({ flowId: FLOW }, target)).toMatchObject({
        type: 'enter',
        flowId: FLOW,
        changes: used,
      });
    },
  );

  it.each([
    'https://evil.example/welcome',
    'https://elsewhere.example/help',
    '//evil.example',
    '/\\evil.example',
    '\t//evil.example',
    'https://app.example@evil.example/',
    'https://user:secret@app.example/',
    'http://app.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'FLOW:other',
    `/${'x'.repeat(2048)}`,
  ])('leads nowhere that is not allowed, and nowhere else either: %j', async (target) => {
    for (const config of [configured, { flowId: FLOW }]) {
      expect(await present(config, target)).toMatchObject({ type: 'deny', code: 'CONFIGURATION_ERROR' });
    }
  });

  it('is not needed', async () => {
    expect(await present(configured)).toMatchObject({ type: 'ask', challenge: { to: configured.url } });
    expect(await present({ flowId: FLOW })).toMatchObject({ type: 'enter', flowId: FLOW });
  });
});
