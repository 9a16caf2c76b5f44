import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { withInhibitions } from './alerting-page.ts';
import { alertRules } from './alert-rules.ts';
import { alertmanagerConfig } from './alertmanager.ts';
import { coexistenceRules } from './coexistence.ts';
import { withFrameworks } from './framework-table.ts';
import { frameworks } from './frameworks.ts';
import { messageFile, messageTemplate } from './message-template.ts';
import { type Policy, readPolicy } from './policy.ts';
import { policyJsonSchema } from './policy-schema.ts';
import { probeTargets } from './probes.ts';
import { recordRules } from './record-rules.ts';

/** The text of every file a policy becomes, by file name. */
export function generate(policy: Policy): Readonly<Record<string, string>> {
  return {
    'records.yaml': yaml(recordRules(policy)),
    'alerts.yaml': yaml(alertRules(policy)),
    'alertmanager.yaml': yaml(alertmanagerConfig(policy)),
    [messageFile]: messageTemplate(policy),
    'blackbox-targets.yaml': yaml(probeTargets(policy)),
    ...Object.fromEntries(
      Object.entries(coexistenceRules(policy)).map(([name, rules]) => [name, yaml(rules)]),
    ),
  };
}

/** Long lines stay whole and expressions become blocks, so that a diff shows what changed and nothing else. */
export function yaml(document: object): string {
  return dump(document, { lineWidth: -1, noRefs: true });
}

/**
 * Writes what a policy becomes into a folder. `origin` says in each file where it comes from.
 * @returns the files. @throws Error of the file system.
 */
export function writeGenerated(policy: Policy, directory: string, origin: string): readonly string[] {
  mkdirSync(directory, { recursive: true });
  return Object.entries(generate(policy)).map(([name, text]) => {
    const path = join(directory, name);
    writeFileSync(path, `# Generated from ${origin}; changes made here are lost.\n${text}`);
    return path;
  });
}

if (import.meta.main) {
  try {
    const policy = readPolicy(join(import.meta.dirname, 'policy.yaml'));
    const directory = join(import.meta.dirname, 'generated');
    writeGenerated(policy, directory, 'alerts/policy.yaml by `npm run generate`');
    const schema = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
    writeFileSync(join(directory, 'policy.schema.json'), schema);
    const page = join(import.meta.dirname, '..', 'docs', 'alerting.md');
    writeFileSync(page, withInhibitions(readFileSync(page, 'utf8')));
    const readiness = join(import.meta.dirname, '..', 'docs', 'compliance.md');
    writeFileSync(readiness, withFrameworks(readFileSync(readiness, 'utf8'), frameworks));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
