import fc from 'fast-check';

import type { PolicyInput } from '../../../flow/policy-kind.js';
import type { JsonObject } from '../../../kernel/json.js';
import { judgeStored, problemsOf } from '../../../../test/support/conditions.js';
import { translateExpression } from './translate.js';

/** What is the case, as far as these expressions ask for it. */
interface World {
  readonly plan: boolean;
  readonly verified: boolean;
  readonly restored: boolean;
  /** What was filled in as the username; nothing at all where it is undefined. */
  readonly username: string | undefined;
}

/** Something in Python, and what it comes to. */
interface Said {
  readonly text: string;
  readonly means: (world: World) => boolean;
}

interface Body {
  readonly lines: readonly string[];
  readonly means: (world: World) => boolean | undefined;
}

const atoms: readonly Said[] = [
  { text: 'True', means: () => true },
  { text: 'None', means: () => false },
  { text: 'context.get("flow_plan")', means: ({ plan }) => plan },
  { text: '("flow_plan" in request.context)', means: ({ plan }) => plan },
  { text: "(context.get('flow_plan', None) is not None)", means: ({ plan }) => plan },
  { text: 'hasattr(context.get("pending_user"), "backend")', means: ({ verified }) => verified },
  { text: 'getattr(context.get("pending_user"), "backend", None)', means: ({ verified }) => verified },
  { text: 'context.get("is_restored", False)', means: ({ restored }) => restored },
  { text: "bool(request.context.get('is_restored'))", means: ({ restored }) => restored },
  { text: 'context.get("is_restored", True)', means: () => true },
  {
    text: '("username" in context.get("prompt_data", {}))',
    means: ({ username }) => username !== undefined,
  },
  {
    text: '(context.get("prompt_data") or {}).get("username")',
    means: ({ username }) => username !== undefined && username !== '',
  },
  {
    text: '(context.get("prompt_data", {}).get("username") is None)',
    means: ({ username }) => username === undefined,
  },
];

const { body } = fc.letrec<{ said: Said; body: Body }>((tie) => ({
  said: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...atoms),
    // Without brackets: what binds stronger is part of what is meant.
    fc.tuple(fc.constantFrom(...atoms), fc.constantFrom(...atoms), fc.constantFrom(...atoms)).map(
      ([a, b, c]): Said => ({
        text: `(not ${a.text} or ${b.text} and not ${c.text})`,
        means: (world) => !a.means(world) || (b.means(world) && !c.means(world)),
      }),
    ),
    tie('said').map((of): Said => ({ text: `(not ${of.text})`, means: (world) => !of.means(world) })),
    fc.tuple(tie('said'), tie('said')).map(
      ([a, b]): Said => ({
        text: `(${a.text} and ${b.text})`,
        means: (world) => a.means(world) && b.means(world),
      }),
    ),
    fc.tuple(tie('said'), tie('said')).map(
      ([a, b]): Said => ({
        text: `(${a.text} or ${b.text})`,
        means: (world) => a.means(world) || b.means(world),
      }),
    ),
    fc.tuple(tie('said'), tie('said'), tie('said')).map(
      ([a, b, c]): Said => ({
        text: `(${a.text} if ${b.text} else ${c.text})`,
        means: (world) => (b.means(world) ? a.means(world) : c.means(world)),
      }),
    ),
  ),
  body: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('said').map(({ text, means }): Body => ({ lines: [`return ${text}`], means })),
    fc.constant<Body>({ lines: ['pass'], means: () => undefined }),
    tie('said').map(({ text, means }): Body => ({ lines: [`kept = ${text}`, 'return kept'], means })),
    fc.tuple(tie('said'), tie('body'), tie('body')).map(
      ([test, then, otherwise]): Body => ({
        lines: [`if ${test.text}:`, ...indented(then), 'else:', ...indented(otherwise)],
        means: (world) => (test.means(world) ? then.means(world) : otherwise.means(world)),
      }),
    ),
    fc.tuple(tie('said'), tie('body'), tie('body')).map(
      ([test, then, after]): Body => ({
        lines: [`if ${test.text}:  # why`, ...indented(then), '', ...after.lines],
        means: (world) => (test.means(world) ? then.means(world) : undefined) ?? after.means(world),
      }),
    ),
  ),
}));

function indented({ lines }: Body): string[] {
  return lines.map((line) => `    ${line}`);
}

const truths = [true, false];
const worlds: readonly World[] = truths.flatMap((plan) =>
  truths.flatMap((verified) =>
    truths.flatMap((restored) =>
      [undefined, '', 'ada'].map((username) => ({ plan, verified, restored, username })),
    ),
  ),
);

function inputOf({ plan, verified, restored, username }: World): Partial<PolicyInput> {
  const context: JsonObject = username === undefined ? {} : { promptData: { username } };
  return { mayWrite: plan, proofs: verified ? ['pwd'] : [], restored, context };
}

it('a condition comes to what its expression means, whatever is the case', async () => {
  let recognised = 0;
  await fc.assert(
    fc.asyncProperty(body, async ({ lines, means }) => {
      const translated = translateExpression(lines.join('\n'));
      if (!translated) return;
      recognised += 1;
      expect(problemsOf(translated.config)).toEqual([]);
      for (const world of worlds) {
        const { passing } = await judgeStored(translated.config, { input: inputOf(world) });
        expect(passing).toBe(means(world) ?? false);
      }
    }),
    { numRuns: 200 },
  );
  expect(recognised).toBeGreaterThan(150);
});

it('with a character more, an expression is not recognised, unless that is layout, or belongs to a literal', () => {
  const source = `return 'username' not in context.get('prompt_data', {})`;
  fc.assert(
    fc.property(
      fc.nat(source.length),
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }).filter((text) => /[^\s'",;#\df]/.test(text)),
      fc.constantFrom('', ' '),
      (at, added, space) => {
        const text = source.slice(0, at) + space + added + space + source.slice(at);
        expect(translateExpression(text)).toBeUndefined();
      },
    ),
    { numRuns: 2000 },
  );
});

it('with more layout, or more of a literal that adds nothing, an expression says the same, or is not recognised', () => {
  const source = `return 'username' not in context.get('prompt_data', {})`;
  const meant = translateExpression(source);
  fc.assert(
    fc.property(
      fc.nat(source.length),
      fc.constantFrom(' ', '\t', '  ', ' ""', '"" ', " ''", 'f', '\n', ' \n', '\n '),
      (at, added) => {
        const changed = translateExpression(source.slice(0, at) + added + source.slice(at));
        if (changed) expect([meant, NEVER]).toContainEqual(changed);
      },
    ),
    { numRuns: 500 },
  );
});

/** What goes on after nothing was returned fails. */
const NEVER = {
  kind: 'condition',
  config: { actions: [{ type: 'stop', passing: false }], missing: 'FALSE' },
  note: null,
};
