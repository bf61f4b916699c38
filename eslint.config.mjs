import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** ESLint takes `-- reason` after a directive but asks nobody for it; an exception to a rule here has to say why. */
const explainedDirectives = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { unexplained: 'Say why: `{{directive}} rule -- reason`.' },
  },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        const [, directive, reason] =
          /^\s*(eslint-disable\S*)(?:.*?\s--\s+(\S.*))?/s.exec(comment.value) ?? [];
        if (directive !== undefined && reason === undefined) {
          context.report({ loc: comment.loc, messageId: 'unexplained', data: { directive } });
        }
      }
    },
  }),
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.data/', 'examples/typescript-client/src/gql/']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { stagedoor: { rules: { 'explained-directives': explainedDirectives } } },
    rules: {
      'stagedoor/explained-directives': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-param-reassign': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^graphql/.*\\.mjs$',
              message:
                'Node loads the CommonJS build of graphql; a second copy is "another realm" (stack.md 1.4).',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // No `as` but `as const`: narrow, parse or infer. A seam where that is impossible disables the rule in its
      // line, with the reason: `// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- why`.
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        // A `default` would hide the member that is added tomorrow.
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      // GraphQL's resolvers and argument types are classes because the decorators need them.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // GraphQL's classes describe shapes; what resolvers return only has to fit.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An asynchronous interface may be kept without waiting for anything, and `async` turns a throw into a rejection.
      '@typescript-eslint/require-await': 'off',
      // `return this.deny()` as the last word of a branch is clear enough.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true } },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'migrations/**/*.ts'],
    rules: {
      'no-console': 'error',
      'max-lines': ['error', 300],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      // jest's matchers (`expect.any(String)`) are typed any, and mocks are passed as bare methods.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // What comes over HTTP has no type; its shape is what an end-to-end test asserts.
    files: ['test/e2e/**/*.ts', 'test/process/**/*.ts', 'test/support/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
