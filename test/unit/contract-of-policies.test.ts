import { readdirSync } from 'node:fs';

import { verdict } from '../../src/flow/policy-kind.js';
import type { PolicyRun, PolicyServices } from '../../src/flow/policy-kind.js';
import { checkPolicyConfig } from '../../src/policies/configuration.js';
import type { KnownPolicies } from '../../src/policies/configuration.js';
import type { PolicyKindDefinition } from '../../src/policies/define.js';
import { policyKinds } from '../../src/policies/list.js';
import { person, policy } from '../support/definitions.js';
import { policyInputOf } from '../support/policy-questions.js';
import { fieldsOf, fullSample, requiredSample } from '../support/sample.js';

/** A world in which everything is as good as it can be. */
const services: PolicyServices = {
  expressions: {
    check: () => undefined,
    mentions: () => ({ calls: [], paths: [] }),
    evaluate: async () => ({ ok: true, value: true, messages: [], log: [], writes: [], events: [] }),
    close: async () => undefined,
  },
  passwordStrength: {
    knowsBreaches: true,
    isCommon: async () => false,
    estimate: async () => ({ score: 4, advice: [] }),
    breaches: async () => 0,
  },
  passwordHistory: { changedAt: async () => null, isOneOfLast: async () => false },
  reputations: { score: async () => 0 },
  auditLog: { lastLogins: async () => [], count: async () => 0 },
};

/** Every name is a policy's. */
const known: KnownPolicies = {
  policy: () => undefined,
  policyByName: (name) => policy(name),
};

function runOf(
  kind: PolicyKindDefinition,
  config: PolicyRun['policy']['config'],
  used = new Set<string>(),
): PolicyRun {
  return {
    policy: { ...policy('under test', kind.name), config },
    input: policyInputOf({ user: person('ada'), proofs: ['pwd'] }),
    call: async () => verdict(true),
    services: new Proxy(services, {
      get(target, name) {
        used.add(String(name));
        const service: unknown = Reflect.get(target, name);
        return service;
      },
    }),
    timeoutSeconds: 1,
  };
}

it('has one folder for every policy kind of the list, under its name, and no other', () => {
  const folders = readdirSync(new URL('../../src/policies/', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  expect(folders.toSorted()).toEqual(policyKinds.map((kind) => kind.name).toSorted());
});

describe.each(policyKinds.map((kind): [string, PolicyKindDefinition] => [kind.name, kind]))(
  'the policy kind %s',
  (_, kind) => {
    const checkedSample = (sample: object) => checkPolicyConfig(kind, sample, services, known);

    it('has a kebab-case name, and a sentence for administrators', () => {
      expect(kind.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(kind.description).toMatch(/^[A-Z].*\.$/);
    });

    it('describes every field of its configuration', () => {
      for (const { path, description } of fieldsOf(kind.config)) {
        expect([path, description ?? '']).toEqual([path, expect.stringMatching(/\S/)]);
      }
    });

    it('takes a configuration of its required fields alone, and keeps what it makes of it', () => {
      const checked = checkedSample(requiredSample(kind.config));
      expect(checked).toMatchObject({ ok: true });
      if (!checked.ok) return;
      expect(checkedSample(checked.config)).toEqual(checked);
      expect(JSON.parse(JSON.stringify(checked.config))).toEqual(checked.config);
    });

    it('takes no configuration with a field that it does not have, or text that cannot be stored', () => {
      const full = fullSample(kind.config);
      expect(checkedSample(full)).toMatchObject({ ok: true });
      expect(checkedSample({ ...full, unheardOf: true })).toMatchObject({ ok: false });
      for (const [key, value] of Object.entries(full)) {
        if (typeof value !== 'string') continue;
        expect(checkedSample({ ...full, [key]: `${value}\0` })).toMatchObject({
          ok: false,
          problems: [{ path: key }],
        });
      }
    });

    it('throws where its configuration is wrong: that is no verdict', async () => {
      await expect(kind.evaluate(runOf(kind, { unheardOf: true }))).rejects.toThrow('wrongly configured');
    });

    it('comes to the same verdict on the same input, by the services that it declares', async () => {
      const checked = checkedSample(fullSample(kind.config));
      if (!checked.ok) throw new Error('the sample is not right');
      const used = new Set<string>();
      const judged = await kind.evaluate(runOf(kind, checked.config, used));
      expect(judged).toMatchObject({ passing: expect.any(Boolean), messages: expect.any(Array) });
      expect(JSON.parse(JSON.stringify(judged.read))).toEqual(judged.read);
      expect(await kind.evaluate(runOf(kind, checked.config))).toEqual(judged);
      expect(kind.services).toEqual(expect.arrayContaining([...used]));
    });
  },
);
