import { CollectorError, type Host } from '../../collector.ts';
import { evrOf, type Nevra } from '../versions/rpm.ts';

/** For rpm; what `parseInstalled` reads. */
export const installedFormat = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n';

/**
 * Parses what rpm prints of installed packages. Keys that rpm keeps as packages (gpg-pubkey) are none.
 * @throws CollectorError unexpected_output on any other line.
 */
export function parseInstalled(text: string): readonly Nevra[] {
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const [name = '', epoch = '', version = '', release = '', arch = '', ...more] = line.split('\t');
    if (name === 'gpg-pubkey') return [];
    const complete = [name, version, release, arch].every((part) => /^[^\s()]+$/.test(part));
    if (!complete || !/^\d+$/.test(epoch) || more.length > 0)
      throw new CollectorError('unexpected_output', `rpm -qa printed ${line.slice(0, 200)}`);
    return [{ name, evr: evrOf(epoch, version, release), arch }];
  });
}

/**
 * Every installed package. A database that is missing prints nothing and succeeds, so nothing at all is no answer.
 * @param root another installation than that of this host.
 * @throws CollectorError source_missing, tool_failed, unexpected_output, and as Host.run.
 */
export async function installedPackages(host: Host, root: string | undefined): Promise<readonly Nevra[]> {
  const { exitCode, stdout, stderr } = await host.run('rpm', [
    ...(root === undefined ? [] : ['--root', root]),
    '-qa',
    '--queryformat',
    installedFormat,
  ]);
  if (exitCode !== 0)
    throw new CollectorError(
      /permission denied/i.test(stderr) ? 'permission_denied' : 'tool_failed',
      `rpm -qa exited with ${exitCode}: ${stderr.trim().slice(0, 300)}`,
    );
  const packages = parseInstalled(stdout);
  if (packages.length === 0)
    throw new CollectorError(
      'source_missing',
      'rpm -qa knows no installed package, so nothing could be out of date; look whether its database is there: rpm --eval %_dbpath',
    );
  return packages;
}
