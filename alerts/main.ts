#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { controlNames } from './controls.ts';
import { explain } from './explain.ts';
import { frameworkLines } from './framework-table.ts';
import { frameworks } from './frameworks.ts';
import { writeGenerated } from './generate.ts';
import { checkPolicy, type Policy } from './policy.ts';
import { policyDiff, type WrittenPolicy } from './policy-diff.ts';
import type { Labels } from './policy/applies.ts';
import { mistakeText, suggestion } from './policy/mistake.ts';
import { readSource } from './policy/source.ts';

const now = Date.now() / 1000;
const shipped = 'alerts/policy.yaml';

const program = new Command('maintenance-rules')
  .description('Reads a policy: checks it, explains it, compares it, and makes the rules and routes from it.')
  .addHelpText(
    'after',
    '\nEnds with 0, or with 1 when a policy has mistakes or a question cannot be answered.',
  )
  .exitOverride();

program
  .command('check')
  .description('tells every mistake with its line, and what needs attention')
  .argument('[policy]', 'the policy', shipped)
  .action((file: string) => print(checked(file)));

program
  .command('explain')
  .description('tells what the policy says about one control of one host, and why')
  .argument('<host>', 'its instance label')
  .argument('<control>', 'like patch_security')
  .option('--customer <label>', 'its customer label')
  .option('--role <label>', 'its role label')
  .option('--object <label>', 'one backup job, disk, product of the host')
  .option('--policy <file>', 'the policy', shipped)
  .action((host: string, control: string, { policy, ...labels }: Labels & { readonly policy: string }) =>
    print(explained(read(policy).policy, control, { ...labels, instance: host })),
  );

program
  .command('frameworks')
  .description('tells what each requirement of a framework rests on, and whether the evidence is there')
  .argument('[policy]', 'the policy', shipped)
  .action((file: string) => print(frameworkLines(frameworks, read(file).policy)));

program
  .command('diff')
  .description('tells what changes when one policy replaces another')
  .argument('<old>', 'the policy in force')
  .argument('<new>', 'the policy to come')
  .action((before: string, after: string) => print(compared(read(before), read(after))));

program
  .command('generate')
  .description('writes the rules for Prometheus and the configuration of Alertmanager')
  .requiredOption('--out <directory>', 'where to write')
  .option('--policy <file>', 'the policy', shipped)
  .action(({ policy, out }: { readonly policy: string; readonly out: string }) =>
    print(writeGenerated(read(policy).policy, out, `${policy} by maintenance-rules`)),
  );

try {
  program.parse();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof CommanderError) {
    // commander has printed what is wrong, or the help that was asked for.
    if (error.exitCode === 0) process.exitCode = 0;
  } else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}

function print(lines: readonly string[]): void {
  process.stdout.write([...lines, ''].join('\n'));
}

function checked(file: string): readonly string[] {
  const { policy, warnings } = read(file);
  const parts = [
    counted(Object.keys(policy.customers).length, 'customer'),
    counted(Object.keys(policy.services).length, 'service'),
    counted(Object.keys(policy.tasks).length, 'task'),
    counted(policy.routes.length, 'route'),
  ];
  const attention = warnings.length === 0 ? [] : [`${counted(warnings.length, 'warning')}:`, ...warnings];
  return [`${file} is valid: ${parts.join(', ')}.`, ...attention];
}

function explained(policy: Policy, asked: string, labels: Labels): readonly string[] {
  const control = controlNames.find((name) => name === asked);
  if (control === undefined)
    throw new Error(`There is no control ${asked}. ${suggestion(asked, controlNames)}`);
  const { customer } = labels;
  const customers = Object.keys(policy.customers);
  if (customer !== undefined && !customers.includes(customer))
    throw new Error(`There is no customer ${customer}. ${suggestion(customer, customers)}`);
  const statements = explain(policy, control, labels, now);
  const width = Math.max(...statements.map(({ about }) => about.length));
  const about = Object.entries(labels).filter(([name]) => name !== 'instance');
  const who = about.map(([name, value]) => `${name} ${value}`).join(', ');
  return [
    `${control} of ${labels.instance}${who === '' ? '' : ` (${who})`}`,
    '',
    ...statements.map((one) => `${one.about.padEnd(width)}  ${one.says}`),
  ];
}

function compared(before: WrittenPolicy, after: WrittenPolicy): readonly string[] {
  const groups = policyDiff(before, after);
  if (groups.length === 0) return ['Nothing changes.'];
  return groups.flatMap(({ title, sentences }, index) => [
    ...(index === 0 ? [] : ['']),
    title,
    ...sentences.map((sentence) => `- ${sentence}`),
  ]);
}

/** @throws Error with everything that is wrong with the file. */
function read(file: string): WrittenPolicy & { readonly warnings: readonly string[] } {
  const source = textOf(file);
  const { policy, mistakes, warnings } = checkPolicy(source, now);
  if (policy === undefined)
    throw new Error(
      [
        `${file} has ${counted(mistakes.length, 'mistake')}:`,
        ...mistakes.map(mistakeText),
        'Correct it and check it again.',
      ].join('\n'),
    );
  return { policy, document: readSource(source).document, warnings: warnings.map(mistakeText) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} cannot be read: ${why}`, { cause: error });
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
