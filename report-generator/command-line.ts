import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../alerts/duration.ts';
import type { DeliveryOptions } from './delivery.ts';
import type { Given } from './given.ts';
import type { ConnectionOptions } from './prometheus-connection.ts';
import { usualTimeout } from './prometheus.ts';

export interface Options extends ConnectionOptions, DeliveryOptions, Given {
  readonly customer?: string;
  readonly allCustomers: boolean;
  readonly month?: string;
  /** Unix seconds. */
  readonly at: number;
  /** Milliseconds for one answer of Prometheus. */
  readonly timeout: number;
  readonly out: string;
  readonly archive?: string;
  readonly replace: boolean;
  readonly policy: string;
  readonly acknowledgements?: string;
  readonly fromSnapshot?: string;
  readonly metricsFile?: string;
  readonly quiet: boolean;
}

const epilogue = `
Each report is a folder, OUT/CUSTOMER/MONTH: report.pdf, report.html, snapshot.json, csv/ and SHA256SUMS. Reports of earlier
months there are where its trends come from; Prometheus is asked for the others.

Ends with
  0  written, everything known
  2  written, with gaps: something was not measured or is unknown, and the report says so
  3  not written, or written and not sent, and why; of several customers, at least one
The worst of all customers is the exit code. What was written before is never lost.

Examples
  maintenance-report --customer acme --out /var/lib/maintenance-report
  maintenance-report --all-customers --quiet --out /var/lib/maintenance-report
  maintenance-report --from-snapshot old/snapshot.json --out redrawn`;

/**
 * @param now unix seconds.
 * @throws CommanderError when commander has printed what is wrong or the help that was asked for.
 */
export function parseOptions(argv: readonly string[], now: number): Options {
  const program = new Command('maintenance-report')
    .description('Writes the monthly report of a customer: what the month came to, from Prometheus.')
    .addOption(new Option('--customer <label>', 'the customer, as in the policy').conflicts('allCustomers'))
    .option('--all-customers', 'every customer of the policy; one that fails does not stop the others', false)
    .option('--month <month>', 'like 2026-10 (default: the last full month of the customer)')
    .addOption(
      new Option('--at <instant>', 'as if it were then, like 2026-11-02T06:00:00Z')
        .argParser(parseInstant)
        .default(now, 'now'),
    )
    .option('--prometheus <address>', 'http[s]://[name:password@]host:port[/path]', 'http://127.0.0.1:9090')
    .option('--header <header>', "sent along, like 'X-Scope-OrgID: acme'; may be repeated", collect)
    .option('--user <name>', 'basic authentication, with --password-file')
    .option('--password-file <file>', 'the password of --user')
    .option('--token-file <file>', 'a bearer token')
    .option('--ca-file <file>', 'PEM, the authority its certificate is of')
    .option('--cert-file <file>', 'PEM, the certificate to show it; with --key-file')
    .option('--key-file <file>', 'PEM, the key of --cert-file')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait for one answer')
        .argParser(parseWait)
        .default(usualTimeout, '150s'),
    )
    .option('--out <directory>', 'where the reports are kept', '.')
    .option('--archive <directory>', 'where the reports of earlier months are (default: --out)')
    .option('--replace', 'also when the report that is there saw more of the month', false)
    .option('--policy <file>', 'the policy', 'alerts/policy.yaml')
    .option(
      '--acknowledgements <file>',
      'who took which alert when; maintenance-acknowledgements collects them',
    )
    .addOption(
      new Option('--from-snapshot <file>', 'draw a snapshot written before; asks no Prometheus').conflicts([
        'allCustomers',
        'month',
        'customer',
      ]),
    )
    .option('--baseline <file>', 'a snapshot.json of the onboarding, or a folder with CUSTOMER.json')
    .option('--notes <directory>', 'what people wrote: CUSTOMER/2026-10.md')
    .option('--send', 'mail each report to whom the policy names: customers.*.report.to', false)
    .option('--dry-run', 'write the reports, and show the mails instead of sending them', false)
    .addOption(
      new Option(
        '--smtp <address>',
        'smtps://user:password@host, smtp://host:587, smtp+plain://host:25 (default: mail of the policy)',
      ).env('MAINTENANCE_REPORT_SMTP'),
    )
    .option('--from <address>', 'the sender (default: mail.from of the policy)')
    .option('--metrics-file <file>', 'for the textfile collector: when each report was last written')
    .option('-q, --quiet', 'say only what somebody should look at', false)
    .addHelpText('after', epilogue)
    .exitOverride();
  return program.parse([...argv]).opts<Options>();
}

function collect(one: string, others: readonly string[] = []): readonly string[] {
  return [...others, one];
}

/** In milliseconds. */
function parseWait(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0) throw new InvalidArgumentError('Write it like 150s or 5m.');
  return seconds * 1000;
}

function parseInstant(text: string): number {
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(instant))
    throw new InvalidArgumentError('Write it with its zone, like 2026-11-02T06:00:00Z.');
  return instant / 1000;
}
