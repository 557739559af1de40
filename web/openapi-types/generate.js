// Makes web/src/api/schema.ts from openapi.json; with --check only says whether it is up to date.
// It has a package of its own because its generator does not run on the TypeScript that the dashboard is checked with.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../openapi.json', import.meta.url);
const target = new URL('../src/api/schema.ts', import.meta.url);

const contract = JSON.parse(readFileSync(source, 'utf8'));
// The dashboard names operations by method and path; names of their own would only be a second list.
for (const path of Object.values(contract.paths)) {
  for (const operation of Object.values(path)) delete operation.operationId;
}

const head = '// Generated from openapi.json by `npm run types`. Do not edit.\n';
const text = head + astToString(await openapiTS(contract, { alphabetize: true, defaultNonNullable: false }));

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error('web/src/api/schema.ts is not what openapi.json says. Run `npm run types` in web/.');
  process.exit(1);
}
