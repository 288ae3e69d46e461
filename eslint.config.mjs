import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: [
      'dist',
      'coverage',
      'data',
      'examples/client/generated.ts',
      '*.config.js',
      '.dependency-cruiser.cjs',
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // The rule above forbids `!`; a narrowing `as` where the code before it has proved the value is left.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // TypeGraphQL's object types describe plain values: their resolvers return literals of that shape.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // type-graphql and TypeORM are driven by classes that hold nothing but decorated members.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**'],
    rules: {
      // One context that is entered makes every promise of the process dearer, for good: docs/adr/0016-explicit-allowance.md.
      'no-restricted-imports': [
        'error',
        ...['node:async_hooks', 'async_hooks'].map(name => ({ name, message: 'Hand it on: see ADR 16.' })),
      ],
    },
  },
  {
    files: ['test/**', 'bench/**', 'scripts/**'],
    // A describe block is a table of contents: its length is not a function's length.
    rules: { 'max-lines-per-function': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', setTimeout: 'readonly', require: 'readonly', module: 'writable' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
