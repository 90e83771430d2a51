import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The walls of docs/architecture.md. A folder may import from the folders on its list and from
 * itself, nothing else; only `src/vscode` may import `vscode`.
 */
const mayImport = {
  base: [],
  config: ['base', 'graph'],
  graph: ['base'],
  process: ['base'],
  health: ['base', 'config', 'graph', 'process'],
  store: ['base', 'config', 'graph', 'process'],
  monitor: ['base', 'config', 'graph', 'process'],
  triggers: ['base', 'config', 'graph', 'process', 'store'],
  controller: ['base', 'config', 'graph', 'process', 'health', 'store', 'monitor', 'triggers'],
  control: [
    'base',
    'config',
    'graph',
    'process',
    'health',
    'store',
    'monitor',
    'triggers',
    'controller',
  ],
  cli: [
    'base',
    'config',
    'graph',
    'process',
    'health',
    'store',
    'monitor',
    'triggers',
    'controller',
    'control',
  ],
  webview: ['monitor'],
  reaper: ['base', 'config', 'process', 'store', 'controller'],
};
const rooms = [...Object.keys(mayImport), 'vscode'];

const zones = Object.entries(mayImport).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: rooms
    .filter((other) => other !== room && !allowed.includes(other))
    .map((other) => `./src/${other}`),
  message: `src/${room} may import only from: ${allowed.join(', ') || 'nothing'} (docs/architecture.md).`,
}));

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'out/**',
      'artifacts/**',
      '.vscode-test/**',
      '.bench/**',
      'examples/**',
      'test/fixtures/**',
      '**/*.mjs',
      'eslint.config.js',
      'esbuild.js',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/core-modules': ['vscode'],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file itself.' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/vscode/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'vscode', message: 'Only src/vscode may import vscode.' }] },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
