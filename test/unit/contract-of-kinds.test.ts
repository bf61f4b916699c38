import { readdirSync } from 'node:fs';

import { z } from 'zod';

import type { JsonObject } from '../../src/kernel/json.js';
import { denialCodes } from '../../src/flow/outcome.js';
import type { AnswerOutcome, PresentOutcome } from '../../src/flow/outcome.js';
import { checkStageConfig } from '../../src/stages/configuration.js';
import type { StageKindDefinition } from '../../src/stages/define.js';
import { secretFields, withoutSecrets } from '../../src/stages/secret.js';
import { stageKinds } from '../../src/stages/list.js';
import { commonErrorCodes } from '../../src/stages/response-errors.js';
import { agreeableRun } from '../support/stage-run.js';
import {
  SAMPLE_TEXT,
  everySample,
  fieldsOf,
  fullSample,
  malformed,
  requiredSample,
} from '../support/sample.js';

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());
const exists = () => true;
const foldersOf = (family: string): string[] =>
  readdirSync(new URL(`../../src/${family}/`, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

it('has one folder for every stage kind of the list, under its name, and no other', () => {
  expect(foldersOf('stages').toSorted()).toEqual(stageKinds.map((kind) => kind.name).toSorted());
});

type Interaction = NonNullable<StageKindDefinition['interaction']>;
type Answerable = StageKindDefinition & {
  interaction: Interaction & { response: NonNullable<Interaction['response']> };
};
const answerable = stageKinds.filter((kind): kind is Answerable => kind.interaction?.response != null);
const named = <Kind extends { name: string }>(kinds: readonly Kind[]): [string, Kind][] =>
  kinds.map((kind) => [kind.name, kind]);

/** Configurations to try a kind with: as little as possible, and as much. */
function configsOf({ config }: StageKindDefinition): JsonObject[] {
  const parsed = [requiredSample(config), fullSample(config)].map((sample) => config.parse(sample));
  const sealed = secretFields(config).map((field): [string, object] => [field, { sealed: SAMPLE_TEXT }]);
  return parsed.map((sample) => jsonObject.parse({ ...sample, ...kept(sample, Object.fromEntries(sealed)) }));
}

/** Secrets as stages find them: those that are set, sealed. */
function kept(sample: Record<string, unknown>, sealed: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(sealed).filter(([field]) => sample[field] != null));
}

async function answered(kind: Answerable, config: JsonObject, response: unknown): Promise<AnswerOutcome> {
  if (!kind.answer) throw new Error('an interactive kind takes answers');
  const { run } = agreeableRun(kind.name, config);
  const shown = await kind.present(run);
  const context = run.context.with(shown.type === 'ask' ? shown.changes : []);
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- What must not matter is just that it is not the type that was promised.
  return kind.answer({ ...run, context }, response as JsonObject);
}

function expectDeclared(kind: Answerable, outcome: AnswerOutcome): void {
  const known = { ...commonErrorCodes, ...kind.interaction.errors };
  if (outcome.type === 'retry')
    for (const { code } of outcome.errors) expect(Object.keys(known)).toContain(code);
  if (outcome.type === 'deny') expect(Object.keys(denialCodes)).toContain(outcome.code);
}

function expectJson(outcome: AnswerOutcome | PresentOutcome): void {
  const { context } = agreeableRun('any', {}).run;
  const changes = 'changes' in outcome ? outcome.changes : [];
  const read = JSON.parse(JSON.stringify(changes));
  expect(read).toEqual(JSON.parse(JSON.stringify(changes.map((change) => ({ ...change })))));
  for (const change of changes) {
    expect(z.json().optional().safeParse(change.value).success).toBe(true);
    const { open, secret } = context.with([change]);
    const kept = change.secret ? secret : open;
    expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
    expect(Object.hasOwn(change.secret ? open : secret, change.key)).toBe(false);
  }
}

describe.each(named(stageKinds))('the stage kind %s', (_, kind) => {
  it('has a kebab-case name, and a sentence for administrators', () => {
    expect(kind.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(kind.description).toMatch(/^[A-Z].*\.$/);
  });

  it('describes every field of its configuration', () => {
    for (const { path, description } of fieldsOf(kind.config))
      expect([path, description ?? '']).toEqual([path, expect.stringMatching(/\S/)]);
  });

  it('declares as secrets what is called like one in its configuration: those are never shown', () => {
    const called = Object.keys(kind.config.shape).filter((field) =>
      /secret|private|apiKey|credential/i.test(field),
    );
    expect(secretFields(kind.config)).toEqual(called);
    const sample = Object.fromEntries(called.map((field) => [field, 'do not show this']));
    expect(JSON.stringify(withoutSecrets(kind.config, sample))).not.toContain('do not show this');
  });

  it('takes a configuration of its required fields alone, and keeps what it makes of it', async () => {
    const checked = await checkStageConfig(kind, requiredSample(kind.config), exists);
    expect(checked).toMatchObject({ ok: true });
    if (checked.ok) {
      expect(await checkStageConfig(kind, checked.config, exists)).toEqual(checked);
      expect(JSON.parse(JSON.stringify(checked.config))).toEqual(checked.config);
    }
  });

  it('takes no configuration with a field that it does not have, or text that cannot be stored', async () => {
    const full = fullSample(kind.config);
    const intruder = await checkStageConfig(kind, { ...full, unheardOf: true }, exists);
    expect(intruder).toMatchObject({ ok: false });
    for (const [key, value] of Object.entries(full)) {
      if (typeof value !== 'string') continue;
      const broken = await checkStageConfig(kind, { ...full, [key]: `${value}\0` }, exists);
      expect(broken).toMatchObject({ ok: false, problems: [{ path: key }] });
    }
  });

  it('names each reference that leads nowhere', async () => {
    const full = await checkStageConfig(kind, fullSample(kind.config), exists);
    const astray = await checkStageConfig(kind, fullSample(kind.config), () => false);
    const references = full.ok ? full.references : [];
    const problems = astray.ok ? [] : astray.problems;
    expect(problems.map(({ code }) => code)).toEqual(references.map(() => 'NOT_FOUND'));
  });

  it('denies where its configuration is wrong: it is never skipped', async () => {
    const { run } = agreeableRun(kind.name, { unheardOf: true });
    expect(await kind.present(run)).toMatchObject({ type: 'deny', code: 'CONFIGURATION_ERROR' });
  });

  it('can be presented twice with one result, and counts nothing', async () => {
    for (const config of configsOf(kind)) {
      const [first, second] = [agreeableRun(kind.name, config), agreeableRun(kind.name, config)];
      const shown = await kind.present(first.run);
      expect(await kind.present(second.run)).toEqual(shown);
      expectJson(shown);
      expect(first.witness.guessesCounted).toBe(0);
      if (shown.type !== 'ask') continue;
      // What it has begun it finds begun, and begins it no second time.
      const begun = first.run.context.with(shown.changes);
      const again = await kind.present({ ...first.run, context: begun });
      expect(again).toMatchObject({ type: 'ask', effects: [] });
      const beginnings = new Set(['sendMail', 'issueMailLink']);
      expect(shown.effects.map(({ type }) => type).filter((type) => !beginnings.has(type))).toEqual([]);
      expect(JSON.parse(JSON.stringify(shown.challenge))).toEqual(shown.challenge);
    }
  });

  it('describes every field of its challenge, and shows no secret in it', () => {
    for (const { path, description } of kind.interaction ? fieldsOf(kind.interaction.challenge) : []) {
      expect([path, description ?? '']).toEqual([path, expect.stringMatching(/\S/)]);
      expect(path.split('.').at(-1)).not.toMatch(/secret|token|hash|cookie|^password$/i);
    }
  });

  it('asks only if it has something to show, and takes answers only if it says which', async () => {
    expect(kind.answer === null).toBe(kind.interaction?.response == null);
    if (kind.interaction) return;
    for (const config of configsOf(kind)) {
      expect((await kind.present(agreeableRun(kind.name, config).run)).type).not.toBe('ask');
    }
  });

  it('reaches no service but those that it declares', async () => {
    for (const config of configsOf(kind)) {
      const { run, witness } = agreeableRun(kind.name, config);
      await kind.present(run);
      for (const response of kind.interaction?.response ? everySample(kind.interaction.response) : []) {
        await kind.answer?.(run, jsonObject.parse(response));
      }
      expect(kind.services).toEqual(expect.arrayContaining([...witness.servicesUsed]));
    }
  });

  it('opens no session unless it says so', async () => {
    const outcomes: (AnswerOutcome | PresentOutcome)[] = [];
    for (const config of configsOf(kind)) {
      const { run } = agreeableRun(kind.name, config);
      outcomes.push(await kind.present(run));
      for (const response of kind.interaction?.response ? everySample(kind.interaction.response) : []) {
        if (kind.answer) outcomes.push(await kind.answer(run, jsonObject.parse(response)));
      }
    }
    const effects = outcomes.flatMap((outcome) => ('effects' in outcome ? outcome.effects : []));
    expect(effects.some((effect) => effect.type === 'openSession')).toBe(kind.opensSession);
  });
});

describe.each(named(answerable))('an answer to the stage kind %s', (_, kind) => {
  const { response, errors } = kind.interaction;
  const own = new Set(everySample(response).map((sample) => JSON.stringify(sample)));

  it('has a description for every field, and its errors a meaning', () => {
    for (const { path, description } of fieldsOf(response)) {
      expect([path, description ?? '']).toEqual([path, expect.stringMatching(/\S/)]);
    }
    for (const [code, meaning] of Object.entries(errors)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(meaning).toMatch(/\.$/);
    }
  });

  it('passes where it is right: otherwise what follows would prove nothing', async () => {
    for (const config of configsOf(kind)) {
      const outcomes = await Promise.all(
        everySample(response).map((sample) => answered(kind, config, sample)),
      );
      expect(outcomes.map(({ type }) => type)).toContain('pass');
      for (const outcome of outcomes) {
        expectDeclared(kind, outcome);
        expectJson(outcome);
      }
    }
  });

  it('never advances where it is empty', async () => {
    for (const config of configsOf(kind)) {
      const outcome = await answered(kind, config, {});
      // Where nothing is an answer too, it says that nothing has happened yet: the stage goes on asking.
      expect(outcome.type).toMatch(/^(retry|stay)$/);
      expectDeclared(kind, outcome);
    }
  });

  it.each(
    answerable
      .filter((other) => other !== kind)
      .map(({ name, interaction }) => [name, interaction.response] as const),
  )('never passes where it was meant for %s', async (_other, foreign) => {
    for (const config of configsOf(kind)) {
      for (const sample of everySample(foreign)) {
        // Where the two look the same, it is the runner that tells them apart, by the kind that they name.
        if (own.has(JSON.stringify(sample))) continue;
        const outcome = await answered(kind, config, sample);
        expect(outcome.type).not.toBe('pass');
        expectDeclared(kind, outcome);
      }
    }
  });

  it('never passes where it is malformed', async () => {
    for (const config of configsOf(kind)) {
      for (const sample of everySample(response)) {
        for (const broken of malformed(sample)) {
          // Where what is too much is dropped, what is left is a good answer.
          const read = response.safeParse(broken);
          if (read.success && own.has(JSON.stringify(read.data))) continue;
          const outcome = await answered(kind, config, broken);
          expect([outcome.type, JSON.stringify(broken).slice(0, 100)]).toEqual([
            expect.stringMatching(/^(retry|deny)$/),
            expect.anything(),
          ]);
          expectDeclared(kind, outcome);
          expect(JSON.stringify(outcome).length).toBeLessThan(10_000);
        }
      }
    }
  });
});
