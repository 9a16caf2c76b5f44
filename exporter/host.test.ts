import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { localHost } from './host.ts';

const directory = mkdtempSync(join(tmpdir(), 'host-'));
afterAll(() => rmSync(directory, { recursive: true }));
const host = localHost({ stateDirectory: join(directory, 'state') });

test('a non-zero exit is an answer', async () => {
  expect(await host.run('sh', ['-c', 'echo out; echo err >&2; exit 3'])).toEqual({
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
});

test('a missing tool has its reason', async () => {
  await expect(host.run('no-such-tool', [])).rejects.toMatchObject({ reason: 'tool_missing' });
});

test('a file that may not be executed is a permission problem', async () => {
  const script = join(directory, 'script');
  writeFileSync(script, '#!/bin/sh\n');
  chmodSync(script, 0o644);
  await expect(host.run(script, [])).rejects.toMatchObject({ reason: 'permission_denied' });
});

test('a slow tool is given up together with everything it started', async () => {
  const pidFile = join(directory, 'child.pid');
  const script = `sh -c 'echo $$ > ${pidFile}; exec sleep 60' & wait`;
  await expect(host.run('sh', ['-c', script], { timeout: 500 })).rejects.toMatchObject({
    reason: 'timeout',
    message: 'sh took longer than 0.5 s',
  });
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
});

test('a tool that ignores SIGTERM is killed, and nobody waits for it', async () => {
  const pidFile = join(directory, 'stubborn.pid');
  const script = `trap '' TERM; echo $$ > ${pidFile}; while :; do sleep 1; done`;
  await expect(host.run('sh', ['-c', script], { timeout: 500 })).rejects.toMatchObject({ reason: 'timeout' });
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
});

test('a tool that ignores SIGTERM is killed also when this process ends first', async () => {
  const pidFile = join(directory, 'survivor.pid');
  const script = `trap '' TERM; echo $$ > ${pidFile}; while :; do sleep 1; done`;
  const program = `
    import { localHost } from './exporter/host.ts';
    const host = localHost({ stateDirectory: '/nonexistent' });
    await host.run('sh', ['-c', ${JSON.stringify(script)}], { timeout: 500 }).catch(({ reason }) => console.log(reason));`;
  const ended = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    encoding: 'utf8',
  });
  expect(ended.stdout).toBe('timeout\n');
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
});

test('a tool that became another user and may not be ended is given up all the same', async () => {
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  });
  const pidFile = join(directory, 'other-user.pid');
  const running = host.run('sh', ['-c', `echo $$ > ${pidFile}; exec sleep 60`], { timeout: 500 });
  await expect(running).rejects.toMatchObject({ reason: 'timeout' });
  expect(kill).toHaveBeenCalledTimes(1);
  kill.mockRestore();
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
});

test('a flood of output is stopped at the limit', async () => {
  await expect(host.run('yes', [], { maxOutput: 1024 * 1024 })).rejects.toMatchObject({
    reason: 'output_too_large',
    message: 'yes printed more than 1 MiB',
  });
});

test('a tool sees the C locale, no shell and none of the exporter’s environment', async () => {
  process.env['SECRET_OF_THE_EXPORTER'] = 'x';
  const { stdout } = await host.run('env', [], { env: { RESTIC_REPOSITORY: '$(id)' } });
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['LC_ALL=C', 'RESTIC_REPOSITORY=$(id)']));
  expect(stdout).not.toContain('SECRET_OF_THE_EXPORTER');
});

test('the end of a collector ends its tools', async () => {
  const controller = new AbortController();
  const ended = localHost({ stateDirectory: directory, signal: controller.signal }).run('sleep', ['60']);
  controller.abort();
  await expect(ended).rejects.toMatchObject({ reason: 'timeout' });
});

test('a file that is not there is an answer; one that cannot be read is a problem', async () => {
  expect(await host.read(join(directory, 'none'))).toBeUndefined();
  expect(await host.list(join(directory, 'none'))).toBeUndefined();
  expect(await host.stat(join(directory, 'none', 'below'))).toBeUndefined();
  await expect(host.read(directory)).rejects.toMatchObject({ reason: 'tool_failed' });
});

test('the head of a file keeps every byte apart', async () => {
  writeFileSync(join(directory, 'bytes'), Buffer.from([0x41, 0xff, 0x00, 0x42]));
  expect(await host.head(join(directory, 'bytes'), 3)).toBe('A\u00ff\u0000');
});

test('a socket answers; where nobody listens it says so', async () => {
  const path = join(directory, 'agent.sock');
  const server = createServer((connection) => {
    connection.on('data', (message) => connection.end(`got ${message.toString()}`));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  expect(await host.ask(path, 'zPING\0')).toBe('got zPING\0');
  await new Promise((resolve) => server.close(resolve));
  await expect(host.ask(path, 'zPING\0')).rejects.toMatchObject({ reason: 'not_running' });
});

test('a socket that never answers is given up', async () => {
  const path = join(directory, 'silent.sock');
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  await expect(host.ask(path, 'zPING\0', 200)).rejects.toMatchObject({ reason: 'timeout' });
  server.close();
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
