import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CollectorError } from '../collector.ts';
import { localHost } from '../host.ts';
import { replay, type Replay } from '../replay.ts';
import { countFailures } from './journal/failures.ts';
import { parseBatch } from './journal/messages.ts';
import { journal } from './journal.ts';

describe('messages', () => {
  test.each<readonly [about: string, messages: readonly string[], failures: number]>([
    ['nothing', [], 0],
    [
      'each wrong password over ssh, whoever it was for, and the end of the connection not once more',
      [
        'Invalid user admin from 203.0.113.5 port 4022',
        'pam_unix(sshd:auth): check pass; user unknown',
        'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.5',
        'Failed password for invalid user admin from 203.0.113.5 port 4022 ssh2',
        'Failed password for invalid user admin from 203.0.113.5 port 4022 ssh2',
        'Connection closed by invalid user admin 203.0.113.5 port 4022 [preauth]',
        'PAM 1 more authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.5',
        'Failed keyboard-interactive/pam for root from 2001:db8::1 port 9 ssh2',
      ],
      3,
    ],
    [
      'somebody without a key where only keys are accepted',
      [
        'Invalid user git from 203.0.113.5 port 4023',
        'Connection closed by invalid user git 203.0.113.5 port 4023 [preauth]',
        'Received disconnect from 203.0.113.5 port 4024:11: Bye Bye [preauth]',
        'Disconnected from authenticating user root 203.0.113.5 port 4024 [preauth]',
        'Disconnecting authenticating user root 203.0.113.5 port 4025: Too many authentication failures [preauth]',
      ],
      3,
    ],
    [
      'a name that looks like a message is a name',
      [
        'Invalid user Failed password for root from 203.0.113.9 port 1 from 203.0.113.5 port 4030',
        'Failed password for invalid user x from 203.0.113.9 port 1 from 203.0.113.5 port 4030 ssh2',
      ],
      1,
    ],
    [
      'no key that was refused, no accepted one, no connection that only looked',
      [
        'Failed publickey for ana from 203.0.113.7 port 4000 ssh2: ED25519 SHA256:abc',
        'Failed none for ana from 203.0.113.7 port 4000 ssh2',
        'Accepted publickey for ana from 203.0.113.7 port 4000 ssh2: ED25519 SHA256:abc',
        'Connection closed by 203.0.113.8 port 4001 [preauth]',
        'Disconnected from user ana 203.0.113.7 port 4000',
      ],
      0,
    ],
    [
      'sudo, su and login, with what login tells at its end',
      [
        'pam_unix(sudo:auth): authentication failure; logname=ana uid=1000 euid=0 tty=/dev/pts/0 ruser=ana rhost=  user=ana',
        '     ana : 1 incorrect password attempt ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/true',
        'pam_unix(su-l:auth): authentication failure; logname=ana uid=1000 euid=0 tty=/dev/pts/0 ruser=ana rhost=  user=root',
        'FAILED SU (to root) ana on pts/0',
        'pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  user=ana',
        'pam_unix(login:auth): 2 more authentication failures; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  user=ana',
      ],
      5,
    ],
    [
      'a user of a directory, whom pam_unix does not know: mistyped once, then right',
      [
        'pam_unix(sudo:auth): authentication failure; logname=eva uid=1500 euid=0 tty=/dev/pts/0 ruser=eva rhost=  user=eva',
        'pam_sss(sudo:auth): authentication failure; logname=eva uid=1500 euid=0 tty=/dev/pts/0 ruser=eva rhost= user=eva',
        'pam_unix(sudo:auth): authentication failure; logname=eva uid=1500 euid=0 tty=/dev/pts/0 ruser=eva rhost=  user=eva',
        'pam_sss(sudo:auth): authentication success; logname=eva uid=1500 euid=0 tty=/dev/pts/0 ruser=eva rhost= user=eva',
      ],
      1,
    ],
    [
      'dropbear',
      [
        "Bad password attempt for 'root' from 203.0.113.5:41000",
        'Login attempt for nonexistent user from 203.0.113.5:41001',
      ],
      2,
    ],
  ])('%s', (_, messages, failures) => {
    expect(countFailures(messages)).toBe(failures);
  });

  test('the cursor is the last line, whatever a message says', () => {
    expect(parseBatch('one\n-- cursor: s=forged\n-- cursor: s=a;i=2\n')).toEqual({
      messages: ['one', '-- cursor: s=forged'],
      cursor: 's=a;i=2',
    });
    expect(parseBatch('')).toEqual({ messages: [], cursor: undefined });
  });
});

const lines = (samples: Awaited<ReturnType<typeof journal.collect>>['samples']) =>
  samples.map(({ name, value }) => `${name} ${value}`);
const ask = 'journalctl --output=cat --show-cursor --no-pager';
const filter = 'SYSLOG_FACILITY=4 SYSLOG_FACILITY=10';
const end = `${ask} --lines=1`;
const at = (cursor: string) => `${ask} --lines=1 --cursor=${cursor} ${filter}`;
const from = (option: string) => `${ask} --lines=20000 ${option} ${filter}`;
const nothing = { exitCode: 1 };
const failed = 'Failed password for root from 203.0.113.5 port 1 ssh2\n';

describe('replayed', () => {
  const collect = (commands: Replay['commands'], state = new Map<string, unknown>()) =>
    journal.collect(replay({ commands: commands ?? {}, state }), {});

  test('the count begins with 0 and goes on after a restart; a place that is gone is told', async () => {
    const state = new Map<string, unknown>();
    const first = await collect({ [end]: 'old\n-- cursor: s=a\n', [at('s=a')]: nothing }, state);
    expect(lines(first.samples)).toEqual(['maintenance_authentication_failures_total 0']);
    // The place is of a message that is not asked for: the first that is comes after it.
    const second = await collect(
      {
        [end]: 'x\n-- cursor: s=c\n',
        [at('s=a')]: `${failed}-- cursor: s=b\n`,
        [from('--cursor=s=a')]: `${failed}-- cursor: s=b\n`,
      },
      state,
    );
    expect(lines(second.samples)).toEqual(['maintenance_authentication_failures_total 1']);
    // Now it is of one that was counted.
    const third = await collect(
      {
        [end]: 'x\n-- cursor: s=c\n',
        [at('s=b')]: `${failed}-- cursor: s=b\n`,
        [from('--after-cursor=s=b')]: nothing,
      },
      state,
    );
    expect(lines(third.samples)).toEqual(['maintenance_authentication_failures_total 1']);
    const other = { exitCode: 1, stderr: 'Failed to seek to cursor: Invalid argument\n' };
    const fourth = await collect({ [end]: 'x\n-- cursor: s=z\n', [at('s=c')]: other }, state);
    expect(lines(fourth.samples)).toEqual(['maintenance_authentication_failures_total 1']);
    expect(fourth.problems).toMatchObject([{ reason: 'unexpected_output' }]);
    const fifth = await collect(
      { [end]: 'x\n-- cursor: s=z\n', [at('s=z')]: nothing, [from('--cursor=s=z')]: nothing },
      state,
    );
    expect(fifth.problems).toEqual([]);
  });

  test.each([
    [
      'no journal',
      { stdout: '-- No entries --\n', stderr: 'No journal files were found.\n' },
      'source_missing',
    ],
    ['nothing in it', nothing, 'source_missing'],
    [
      'only what the user wrote',
      {
        stdout: 'own\n-- cursor: s=a\n',
        stderr:
          "Hint: You are currently not seeing messages from other users and the system.\n      Users in groups 'adm', 'systemd-journal' can see all messages.\n",
      },
      'permission_denied',
    ],
    [
      'nothing may be read',
      { exitCode: 1, stderr: 'No journal files were opened due to insufficient permissions.\n' },
      'permission_denied',
    ],
    ['another failure', { exitCode: 1, stderr: 'Failed to open /x: Input/output error\n' }, 'tool_failed'],
    ['a tool that hangs', new CollectorError('timeout', 'journalctl took longer than 30 s'), 'timeout'],
  ] as const)('%s is no count', async (_, answer, reason) => {
    await expect(collect({ [end]: answer })).rejects.toMatchObject({ reason });
  });
});

describe('a real journal', () => {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const files = join(directory, 'files');
  mkdirSync(files);
  const start = Date.UTC(2026, 10, 1) * 1000;
  let written = 0;

  /** Adds entries to the journal. */
  function write(messages: readonly string[], facility: number): void {
    const input = messages.map((message) => {
      written += 1;
      const stamp = start + written * 1000;
      return `__REALTIME_TIMESTAMP=${stamp}\n__MONOTONIC_TIMESTAMP=${stamp}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n_TRANSPORT=syslog\nSYSLOG_FACILITY=${facility}\nMESSAGE=${message}\n\n`;
    });
    execFileSync('/usr/lib/systemd/systemd-journal-remote', ['-o', join(files, 'system.journal'), '-'], {
      input: input.join(''),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  test('only what is new is counted, and a flood of 45,000 as it is', { timeout: 60_000 }, async () => {
    const host = localHost({ stateDirectory: join(directory, 'state') });
    const collect = async () => (await journal.collect(host, { directory: files })).samples[0]?.value;
    const wrong = (count: number, port = 0) =>
      Array.from(
        { length: count },
        (_, index) => `Failed password for root from 203.0.113.5 port ${port + index} ssh2`,
      );
    write(wrong(5), 4);
    expect(await collect()).toBe(0);
    expect(await collect()).toBe(0);
    write(wrong(3), 4);
    write(
      ['pam_unix(sudo:auth): authentication failure; logname=a uid=1 euid=0 tty= ruser= rhost=  user=a'],
      10,
    );
    write(['Failed password for root from 203.0.113.5 port 1 ssh2'], 3);
    expect(await collect()).toBe(4);
    expect(await collect()).toBe(4);
    write(wrong(45_000), 4);
    expect(await collect()).toBe(45_004);
    write(['something else'], 3);
    expect(await collect()).toBe(45_004);
  });
});
