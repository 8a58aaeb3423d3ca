import type { CodegenConfig } from '@graphql-codegen/cli';

/** Scalars travel as strings (src/graphql/core/scalars.ts); JSON is whatever it is. */
const scalars = {
  ID: 'string',
  Decimal: 'string',
  BigInt: 'string',
  DateTime: 'string',
  Date: 'string',
  URL: 'string',
  EventCursor: 'string',
  JSON: 'unknown',
} as const;

/** Typed operations for the demo and the tests, from the committed schema. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['src/demo/**/*.graphql', 'test/**/*.graphql'],
  ignoreNoDocuments: true,
  generates: {
    'src/generated/documents.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        scalars,
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        dedupeFragments: true,
      },
    },
  },
};

export default config;
