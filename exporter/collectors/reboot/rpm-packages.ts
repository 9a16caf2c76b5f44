import { CollectorError, type Host } from '../../collector.ts';

/** An installed package, as rpm knows it. */
export interface RpmPackage {
  readonly name: string;
  /** `epoch:version-release`. */
  readonly evr: string;
  readonly arch: string;
  /** Unix seconds. */
  readonly installed: number;
}

/** For rpm; what `parseRpmPackages` reads. */
export const rpmPackageFormat = '%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{INSTALLTIME}\\n';

/** Parses the answer of rpm; lines of any other shape are left out. */
export function parseRpmPackages(text: string): readonly RpmPackage[] {
  return text.split('\n').flatMap((line) => {
    const [, name, evr, arch, installed] =
      /^(\S+)\t(\d+:[^\s-]+-[^\s-]+)\t(\S+)\t(\d+)$/.exec(line.trimEnd()) ?? [];
    if (name === undefined || evr === undefined || arch === undefined) return [];
    return [{ name, evr, arch, installed: Number(installed) }];
  });
}

/**
 * Installed packages whose name is one of these patterns. None where rpm is not installed or not in charge: without a
 * database `rpm -qa` prints nothing and succeeds, so nothing found is never "not installed".
 * @throws CollectorError tool_failed, and what Host.run throws.
 */
export async function installedRpms(host: Host, patterns: readonly string[]): Promise<readonly RpmPackage[]> {
  try {
    const { exitCode, stdout, stderr } = await host.run('rpm', [
      '-qa',
      '--queryformat',
      rpmPackageFormat,
      ...patterns,
    ]);
    if (exitCode !== 0)
      throw new CollectorError(
        'tool_failed',
        `rpm -qa ended with ${exitCode}: ${stderr.split('\n')[0] ?? ''}; run it by hand, rpm --rebuilddb repairs a damaged database`,
      );
    return parseRpmPackages(stdout);
  } catch (error) {
    if (error instanceof CollectorError && error.reason === 'tool_missing') return [];
    throw error;
  }
}
