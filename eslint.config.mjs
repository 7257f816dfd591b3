import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/build/**',
      '**/.docusaurus/**',
      '**/lib/**',
      'artifacts/**',
      '.venv/**',
      '.runtime/**',
      'python_backend/**',
      'indexer/**',
      '**/*.d.mts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {parserOptions: {
        project: ['docusaurus-plugin/tsconfig.json', 'docusaurus-plugin/tsconfig.client.json', 'docusaurus-plugin/tsconfig.test.json', 'example-site/tsconfig.json', 'tests/e2e/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      }},
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', {disallowTypeAnnotations: false}],
      // Objects here are made of closures; none of their methods looks at `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
    },
  },
  // `act` waits for an async function, whether or not it waits for something itself.
  {files: ['**/*.test.{ts,tsx}'], rules: {'@typescript-eslint/require-await': 'off'}},
  {files: ['**/*.tsx', '**/use*.ts'], ...reactHooks.configs.flat['recommended-latest']},
  {files: ['**/*.{mjs,mts}'], languageOptions: {globals: {process: 'readonly', console: 'readonly', URL: 'readonly'}}},
);
