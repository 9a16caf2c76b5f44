#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { alertmanagerSilences } from './alertmanager.ts';
import { collect } from './collect.ts';

const epilogue = `
Alertmanager forgets a silence 120 hours after its end (--data.retention): run this once a day at least, every hour is
better. What the file has is kept, and nothing is added twice. maintenance-report reads the file with --acknowledgements.

Ends with
  0  collected
  3  not collected, and why; the file is as it was

Example
  maintenance-acknowledgements collect --alertmanager http://127.0.0.1:9093 --file /var/lib/maintenance-report/acknowledgements.yaml`;

const program = new Command('maintenance-acknowledgements').exitOverride();
program
  .command('collect')
  .description('Adds the silences whose comment begins with ACK to a file: who took which alert when.')
  .option('--alertmanager <address>', 'http[s]://[name:password@]host:port[/path]', 'http://127.0.0.1:9093')
  .requiredOption('--file <file>', 'where they are kept')
  .addHelpText('after', epilogue)
  .exitOverride()
  .action(async ({ alertmanager, file }: { readonly alertmanager: string; readonly file: string }) => {
    const added = await collect(alertmanagerSilences(alertmanager), file);
    process.stdout.write(`${added} added to ${file}\n`);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 3;
  if (error instanceof CommanderError) {
    // commander has printed what is wrong, or the help that was asked for.
    if (error.exitCode === 0) process.exitCode = 0;
  } else process.stderr.write(`Not collected: ${error instanceof Error ? error.message : String(error)}\n`);
}
