import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderOf, publish } from './output.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'maintenance-output-'));
});
afterEach(() => rmSync(out, { recursive: true }));

const place = () => ({ out, customer: 'acme', month: '2026-10' });
const filesOf = (content: string) => [
  { name: 'report.pdf', content: Buffer.from(`%PDF ${content}`) },
  { name: 'csv/hosts.csv', content },
];

test('files are published with sums that sha256sum checks, and leave nothing else behind', async () => {
  const paths = await publish(filesOf('first'), place());
  const folder = join(out, 'acme', '2026-10');
  expect(paths).toEqual(['report.pdf', 'csv/hosts.csv', 'SHA256SUMS'].map((name) => join(folder, name)));
  expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })).toBe(
    'report.pdf: OK\ncsv/hosts.csv: OK\n',
  );
  await publish(filesOf('second'), place());
  expect(readFileSync(join(folder, 'csv', 'hosts.csv'), 'utf8')).toBe('second');
  expect(lstatSync(folder).isSymbolicLink()).toBe(true);
  // The link and where it leads; the first report is gone.
  expect(readdirSync(join(out, 'acme'))).toHaveLength(2);
});

test('a folder that is there and is no link is left alone', async () => {
  const folder = join(out, 'acme', '2026-10');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  await expect(publish(filesOf('x'), place())).rejects.toThrow(
    /was not written by this program.*Move it away/,
  );
  expect(readdirSync(join(out, 'acme'))).toEqual(['2026-10']);
});

test.each([['a file in the way', 'file'] as const, ['a folder in its place', 'folder'] as const])(
  '%s is named',
  async (_, kind) => {
    if (kind === 'file') writeFileSync(join(out, 'acme'), '');
    else mkdirSync(join(out, 'acme', '2026-10'), { recursive: true });
    await expect(publish(filesOf('x'), place())).rejects.toThrow(folderOf(place()));
  },
);

/** A program that publishes; `content` is JavaScript. */
const publisher = (act: string): string =>
  `import { publish } from ${JSON.stringify(resolve('report-generator/output.ts'))};\n` +
  `const place = ${JSON.stringify(place())};\n${act}`;

test.each([1, 2, 3, 4])(
  'killed while reading content for the time %i: the report of before stands',
  async (at) => {
    await publish(filesOf('before'), place());
    const folder = join(out, 'acme', '2026-10');
    const was = realpathSync(folder);
    const script = publisher(`
    let read = 0;
    const content = (text) => ({ get content() { if (++read === ${at}) process.kill(process.pid, 'SIGKILL'); return text; } });
    await publish([
      Object.defineProperty({ name: 'a' }, 'content', Object.getOwnPropertyDescriptor(content('new a'), 'content')),
      Object.defineProperty({ name: 'b' }, 'content', Object.getOwnPropertyDescriptor(content('new b'), 'content')),
    ], place);`);
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    expect(signal).toBe('SIGKILL');
    expect(realpathSync(folder)).toBe(was);
    expect(readFileSync(join(folder, 'csv', 'hosts.csv'), 'utf8')).toBe('before');
    expect(existsSync(join(folder, 'a'))).toBe(false);
    await publish(filesOf('after'), place());
    expect(readFileSync(join(folder, 'csv', 'hosts.csv'), 'utf8')).toBe('after');
    expect(readdirSync(join(out, 'acme'))).toHaveLength(2);
  },
);

test('whoever reads while reports are replaced sees whole ones, also when the writer is killed', async () => {
  await publish(filesOf('0'), place());
  const script = publisher(`
    for (let round = 1; ; round += 1) {
      await publish([{ name: 'report.pdf', content: 'pdf ' + round }, { name: 'csv/hosts.csv', content: 'csv ' + round }], place);
      process.stdout.write('.');
    }`);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  let rounds = 0;
  let whole = 0;
  for await (const part of child.stdout) {
    rounds += String(part).length;
    if (sumsHold()) whole += 1;
    if (rounds > 60) child.kill('SIGKILL');
  }
  await gone;
  expect(whole).toBeGreaterThan(5);
  expect(sumsHold()).toBe(true);
  await publish(filesOf('after'), place());
  expect(readdirSync(join(out, 'acme'))).toHaveLength(2);
});

/** Whether one look at the folder finds what its sums say; false when the folder was replaced under our eyes. */
function sumsHold(): boolean {
  const folder = realpathSync(join(out, 'acme', '2026-10'));
  const read = (name: string): string | undefined => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch {
      return undefined;
    }
  };
  const sums = read('SHA256SUMS')?.trim().split('\n') ?? [];
  const found = sums.map((line) => {
    const [sum, name = ''] = line.split('  ');
    const content = read(name);
    if (content === undefined) return undefined;
    expect(createHash('sha256').update(content).digest('hex'), name).toBe(sum);
    return name;
  });
  return found.length === 2 && !found.includes(undefined);
}

test('on a full disk nothing is replaced, and the message says what to do', () => {
  const script = publisher(`
    import { readFileSync, readdirSync } from 'node:fs';
    await publish([{ name: 'report.pdf', content: 'small' }], place);
    const said = await publish([{ name: 'report.pdf', content: Buffer.alloc(4e6, 1) }], place).catch((error) => error.message);
    process.stdout.write(JSON.stringify({ said, still: readFileSync(place.out + '/acme/2026-10/report.pdf', 'utf8'), entries: readdirSync(place.out + '/acme').length }));`);
  const { stdout, stderr } = spawnSync(
    'unshare',
    [
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" --input-type=module -e "$3"',
      'sh',
      out,
      process.execPath,
      script,
    ],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    said: `${join(out, 'acme', '2026-10')} cannot be written (ENOSPC): the disk is full. Free some space there, then run it again. What was there before is untouched.`,
    still: 'small',
    entries: 2,
  });
});
