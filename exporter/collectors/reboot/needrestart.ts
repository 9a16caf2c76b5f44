import { CollectorError, type Host } from '../../collector.ts';
import type { Answer } from './answer.ts';

/** What needrestart found; undefined where it cannot tell. */
export interface Needrestart {
  readonly kernel: boolean | undefined;
  readonly microcode: boolean | undefined;
}

/** Lists only, asks nobody, and looks at nothing but the kernel and the microcode: services need no reboot. */
export const needrestartArguments = ['-b', '-r', 'l', '-k', '-w'];

/**
 * Parses `needrestart -b`; see README.batch.md of needrestart. NEEDRESTART-KSTA: 0 unknown, 1 no upgrade, 2 ABI compatible
 * upgrade, 3 version upgrade. NEEDRESTART-UCSTA: 0 unknown, 1 current, 2 obsolete; but it also says 1 when it found no
 * microcode for this processor at all (uCode.pm, "considered up to date"), and then UCEXP is empty.
 */
export function parseNeedrestart(text: string): Needrestart {
  const field = (name: string) => new RegExp(`^NEEDRESTART-${name}: *(.*)$`, 'm').exec(text)?.[1]?.trim();
  const answers = new Map([
    ['1', false],
    ['2', true],
    ['3', true],
  ]);
  const microcode = answers.get(field('UCSTA') ?? '');
  return {
    kernel: answers.get(field('KSTA') ?? ''),
    microcode: microcode === false && (field('UCEXP') ?? '') === '' ? undefined : microcode,
  };
}

/**
 * Asks needrestart, which works without rights. Nothing is known where it is not installed.
 * @throws CollectorError tool_failed, and what Host.run throws.
 */
export async function askNeedrestart(host: Host): Promise<Needrestart> {
  try {
    const { exitCode, stdout, stderr } = await host.run('needrestart', needrestartArguments);
    if (exitCode === 0 && stdout.includes('NEEDRESTART-VER:')) return parseNeedrestart(stdout);
    throw new CollectorError(
      'tool_failed',
      `needrestart -b ended with ${exitCode} and said: ${(stderr || stdout).trim().split('\n')[0]?.slice(0, 200) ?? ''}; run it by hand, or remove the package`,
    );
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'tool_missing')
      return { kernel: undefined, microcode: undefined };
    throw error;
  }
}

/** The answer about microcode, which no other source here gives. */
export function microcodeAnswer({ microcode }: Needrestart): Answer | undefined {
  return microcode === undefined ? undefined : { reason: 'microcode', required: microcode };
}
