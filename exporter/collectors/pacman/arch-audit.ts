import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';
import type { Severity } from '../patch/offers.ts';

/** A vulnerability group of security.archlinux.org with the version that fixes it. */
export interface Advisory {
  readonly id: string;
  readonly packages: readonly string[];
  readonly severity: Severity;
  /** Undefined while there is none. */
  readonly fixed: string | undefined;
}

const advisoriesSchema = z.array(
  z.object({
    name: z.string(),
    packages: z.array(z.string()),
    severity: z.string(),
    fixed: z.string().nullish(),
  }),
);

/** As https://security.archlinux.org uses them; Unknown is its own value. */
const severities: Readonly<Record<string, Severity>> = {
  Critical: 'critical',
  High: 'important',
  Medium: 'moderate',
  Low: 'low',
};

/**
 * Parses `arch-audit --json`: the groups of security.archlinux.org/all.json that affect installed packages (src/main.rs of
 * arch-audit). @throws CollectorError unexpected_output.
 */
export function parseAdvisories(text: string): readonly Advisory[] {
  try {
    return advisoriesSchema.parse(JSON.parse(text)).map(({ name, packages, severity, fixed }) => ({
      id: name,
      packages,
      severity: severities[severity] ?? 'unknown',
      fixed: fixed ?? undefined,
    }));
  } catch (error) {
    throw new CollectorError(
      'unexpected_output',
      `arch-audit --json printed ${JSON.stringify(text.slice(0, 100))}, which is no list of advisories; run it by hand`,
      { cause: error },
    );
  }
}

/** Asks security.archlinux.org through arch-audit, over the network. @throws CollectorError as Host.run, tool_failed, unexpected_output. */
export async function readAdvisories(host: Host): Promise<readonly Advisory[]> {
  const { exitCode, stdout, stderr } = await host.run('arch-audit', ['--json'], { timeout: 60_000 });
  if (exitCode === 0) return parseAdvisories(stdout);
  throw new CollectorError(
    'tool_failed',
    `arch-audit ended with ${exitCode}: ${stderr.trim().slice(0, 300)}; it needs https://security.archlinux.org`,
  );
}
