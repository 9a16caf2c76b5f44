import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNeedrestart } from './needrestart.ts';
import { parseNeedsRestarting } from './needs-restarting.ts';

const unknown = { kernel: undefined, microcode: undefined };

describe('needrestart -b', () => {
  test.each([
    ['NEEDRESTART-KSTA: 0', unknown],
    ['NEEDRESTART-KSTA: 1', { kernel: false, microcode: undefined }],
    ['NEEDRESTART-KSTA: 2', { kernel: true, microcode: undefined }],
    ['NEEDRESTART-KSTA: 3', { kernel: true, microcode: undefined }],
    ['NEEDRESTART-KSTA: 4', unknown],
    ['NEEDRESTART-UCSTA: 0', unknown],
    ['NEEDRESTART-UCSTA: 1\nNEEDRESTART-UCEXP: 0xf4', { kernel: undefined, microcode: false }],
    ['NEEDRESTART-UCSTA: 2\nNEEDRESTART-UCEXP: 0xf4', { kernel: undefined, microcode: true }],
    ['NEEDRESTART-SVC: ssh.service\nNEEDRESTART-SESS: root @ session #1', unknown],
    ['', unknown],
  ])('%j is %j', (text, expected) => expect(parseNeedrestart(`${text}\n`)).toEqual(expected));

  test('never answers no when it is cut off anywhere before the answer', () => {
    const text =
      'NEEDRESTART-VER: 3.6\nNEEDRESTART-KCUR: 6.1.0-25-amd64\nNEEDRESTART-KEXP: 6.1.0-26-amd64\nNEEDRESTART-KSTA: 3\n';
    fc.assert(
      fc.property(fc.nat(text.length), (end) => {
        expect(parseNeedrestart(text.slice(0, end)).kernel).not.toBe(false);
      }),
    );
  });
});

describe('needs-restarting -r', () => {
  test.each([
    [
      'Core libraries or services have been updated since boot-up:\n  * glibc\n\nReboot is required to fully utilize these updates.\n',
      true,
    ],
    [
      'No core libraries or services have been updated since boot-up.\nReboot should not be necessary.\n',
      false,
    ],
    ['[{"type":"reboot","reboot_required":false,"packages":[]}]', false],
    ['[{"type":"unit","unit":"sshd.service"}]', undefined],
    ['[]', undefined],
    ['[{"type":"reboot","reboot_re', undefined],
    ['Ein Neustart sollte nicht notwendig sein.\n', undefined],
    ['', undefined],
  ])('%j is %s', (text, expected) => expect(parseNeedsRestarting(text)).toBe(expected));

  test.each([
    'No such command: needs-restarting. Please use /usr/bin/dnf --help',
    "Error: Failed to download metadata for repo 'baseos': Cannot download repomd.xml",
    'Error: There are no enabled repositories in "/etc/yum.repos.d"',
    'error: cannot open Packages database in /var/lib/rpm',
  ])('yum.sh calls any failure of needs-restarting a reboot; here it is unknown: %s', (text) =>
    expect(parseNeedsRestarting(text)).toBeUndefined(),
  );
});

const shared = new URL('../../../../shared/fixtures/sources/', import.meta.url);
const sharedHere = existsSync(shared);
if (!sharedHere) console.warn('../shared is not here: samples of needrestart are not read');

describe.skipIf(!sharedHere)('samples of real hosts', () => {
  const sample = (name: string) => readFileSync(new URL(name, shared), 'utf8');

  test('the README of needrestart: the newest kernel runs; services and sessions to restart are no reboot', () => {
    const text = sample('needrestart/batch-from-README.txt');
    expect(text).toContain('NEEDRESTART-SVC: systemd-journald.service');
    expect(parseNeedrestart(text)).toEqual({ kernel: false, microcode: undefined });
  });

  test('in a container needrestart says 0 = unknown, not ok', () => {
    expect(parseNeedrestart(sample('needrestart/needrestart-b-trixie-container.txt'))).toEqual(unknown);
  });

  test('needrestart calls the microcode current (UCSTA 1) when it found none to compare with: unknown', () => {
    const text = sample('needrestart/noble-b.txt');
    expect(text).toMatch(/^NEEDRESTART-UCSTA: 1$/m);
    expect(parseNeedrestart(text)).toEqual(unknown);
  });

  test('needrestart_info turns the unknown of the same host into a 0 per kernel and microcode', () => {
    const text = sample('node-exporter-textfile/needrestart_info-trixie.prom');
    expect(text).toContain('needrestart_kernel_status_info{current="6.18.44-fc-v669",expected=""} 0.0');
    expect(text).toContain('needrestart_microcode_status_info{current="",expected=""} 0.0');
    expect(parseNeedrestart('NEEDRESTART-KCUR: 6.18.44-fc-v669\nNEEDRESTART-KSTA: 0\n')).toEqual(unknown);
  });

  test('dnf4: a required reboot is told by its text', () => {
    const [reboot = '', after = ''] = sample('dnf/dnf4-needs-restarting-r.txt').split('rc=1\n');
    expect(parseNeedsRestarting(reboot)).toBe(true);
    expect(after).toContain("Failed to read PID 1's smaps.");
    expect(parseNeedsRestarting(after)).toBeUndefined();
  });

  test('dnf5: a required reboot is told by its JSON', () =>
    expect(parseNeedsRestarting(sample('dnf5/needs-restarting.json'))).toBe(true));

  test('yum.sh says node_reboot_required 0 of a host whose repositories are down: its text says nothing', () => {
    expect(sample('node-exporter-textfile/yum.sh-repo-down.prom')).toMatch(/^node_reboot_required 0$/m);
    expect(parseNeedsRestarting(sample('node-exporter-textfile/yum.sh-repo-down.stderr'))).toBeUndefined();
  });
});
