import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { alertRules } from './alert-rules.ts';
import { alertmanagerConfig } from './alertmanager.ts';
import { coexistenceRules } from './coexistence.ts';
import { type Policy, readPolicy } from './policy.ts';
import { recordRules } from './record-rules.ts';

/** The text of every file a policy becomes, by file name. */
export function generate(policy: Policy): Readonly<Record<string, string>> {
  return {
    'records.yaml': yaml(recordRules(policy)),
    'alerts.yaml': yaml(alertRules(policy)),
    'alertmanager.yaml': yaml(alertmanagerConfig(policy)),
    'coexistence.yaml': yaml(coexistenceRules(policy)),
  };
}

/** Long lines stay whole and expressions become blocks, so that a diff shows what changed and nothing else. */
export function yaml(document: object): string {
  return dump(document, { lineWidth: -1, noRefs: true });
}

const header = '# Generated from alerts/policy.yaml by `npm run generate`; changes made here are lost.\n';

if (import.meta.main) {
  const directory = join(import.meta.dirname, 'generated');
  try {
    const files = generate(readPolicy(join(import.meta.dirname, 'policy.yaml')));
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), header + text);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
