import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { boards } from '../../dashboards/index.ts';
import { loadOnce } from './load-history.ts';

const service = z.object({
  image: z.string().optional(),
  build: z.object({ context: z.literal('.'), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  restart: z.string(),
});
const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(load(readFileSync('docker-compose.yml', 'utf8')));
const services = Object.entries(compose.services).map(([name, definition]) => ({ name, ...definition }));
const serviceCalled = (wanted: string) => {
  const found = services.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no service ${wanted}`);
  return found;
};

describe.each(services)('service $name', ({ name, image, build, ports, volumes, depends_on, restart }) => {
  test('has a pinned image or a Dockerfile that is there', () => {
    if (build === undefined) expect(image).toMatch(/^[a-z/-]+:v?\d+\.\d+\.\d+$/);
    else expect(existsSync(build.dockerfile)).toBe(true);
  });

  test('listens on this machine only', () => {
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('mounts only what the repository has, read-only but for results, and declared volumes', () => {
    for (const [source = '', , mode] of volumes.map((volume) => volume.split(':'))) {
      if (!source.startsWith('./')) expect(Object.keys(compose.volumes)).toContain(source);
      else {
        expect(existsSync(source), source).toBe(true);
        expect(mode ?? 'rw', source).toBe(source === './out' ? 'rw' : 'ro');
      }
    }
  });

  test('waits only for services that can become what it waits for', () => {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const awaited = serviceCalled(other);
      if (condition === 'service_completed_successfully') expect(awaited.restart).toBe('no');
      else expect(hasHealthcheck(awaited), `${other} has no health check`).toBe(true);
    }
  });

  test('is watched while it runs, or runs once', () => {
    if (restart === 'no') return;
    expect(restart).toBe('unless-stopped');
    expect(hasHealthcheck(serviceCalled(name))).toBe(true);
  });
});

function hasHealthcheck({ healthcheck, build }: z.infer<typeof service>): boolean {
  if (healthcheck !== undefined) return healthcheck.test[0] === 'CMD';
  return build !== undefined && /^HEALTHCHECK .*\n?.*CMD \["/m.test(readFileSync(build.dockerfile, 'utf8'));
}

describe('Grafana', () => {
  const grafana = serviceCalled('grafana');
  const targetOf = (source: string) =>
    grafana.volumes.find((volume) => volume.startsWith(`${source}:`))?.split(':')[1];

  test('reads both data sources from services that are there, the live one by default', () => {
    const { datasources } = z
      .object({
        datasources: z.array(
          z.object({ uid: z.string(), url: z.url(), isDefault: z.boolean().default(false) }),
        ),
      })
      .parse(load(readFileSync('deploy/grafana/provisioning/datasources/prometheus.yml', 'utf8')));
    expect(datasources).toEqual([
      { uid: 'prometheus', url: 'http://prometheus:9090', isDefault: true },
      { uid: 'prometheus-history', url: 'http://prometheus-history:9090', isDefault: false },
    ]);
    for (const { url } of datasources) expect(serviceCalled(new URL(url).hostname).ports).toHaveLength(1);
  });

  test('finds the generated boards, and opens on the overview', () => {
    const { providers } = z
      .object({
        providers: z.array(
          z.object({ allowUiUpdates: z.boolean(), options: z.object({ path: z.string() }) }),
        ),
      })
      .parse(load(readFileSync('deploy/grafana/provisioning/dashboards/maintenance.yml', 'utf8')));
    const path = targetOf('./dashboards/generated');
    expect(providers).toEqual([{ allowUiUpdates: false, options: { path } }]);
    expect(grafana.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']).toBe(
      `${path}/maintenance-overview.json`,
    );
    expect(boards.every(({ uid }) => existsSync(`dashboards/generated/${uid}.json`))).toBe(true);
  });

  test('gives its provisioning folders to where Grafana looks', () => {
    for (const kind of ['datasources', 'dashboards'])
      expect(targetOf(`./deploy/grafana/provisioning/${kind}`)).toBe(`/etc/grafana/provisioning/${kind}`);
  });
});

describe.each(readdirSync('deploy/docker').filter((file) => file.endsWith('.Dockerfile')))('%s', (file) => {
  const text = readFileSync(join('deploy/docker', file), 'utf8');
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );

  test('copies what is there and what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    for (const source of copied) {
      expect(existsSync(source), source).toBe(true);
      expect(
        allowed.some((path) => source === path || source.startsWith(`${path}/`)),
        source,
      ).toBe(true);
    }
  });

  test('runs as a user without rights, without a shell in between', () => {
    expect(text).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(text).toMatch(/^ENTRYPOINT \["node", "[\w./-]+\.ts"\]$/m);
    const [, script = ''] = /^ENTRYPOINT \["node", "([^"]+)"\]$/m.exec(text) ?? [];
    expect(existsSync(script), script).toBe(true);
  });
});

test('the exporter image has the exporter alone, and exactly the packages it imports', () => {
  const text = readFileSync('deploy/docker/exporter.Dockerfile', 'utf8');
  expect([...text.matchAll(/^COPY (?!--from)(\S+) exporter$/gm)]).toHaveLength(1);
  expect(text).not.toMatch(/^COPY (?!--from).*(?:alerts|report-generator|simulator|dashboards)/m);
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const left = Object.keys(dependencies).filter((name) => !text.includes(`dependencies.${name}`));
  expect(left.toSorted()).toEqual(packagesImportedBy('exporter'));
});

test('a data folder that was filled is left as it is', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'maintenance-filled-'));
  writeFileSync(join(directory, 'simulated-history-loaded'), '');
  const said: string[] = [];
  expect(await loadOnce(directory, new Date(0), (line) => said.push(line))).toBe(false);
  expect(said).toEqual([expect.stringContaining('holds the simulated history already')]);
  expect(readdirSync(directory)).toEqual(['simulated-history-loaded']);
  rmSync(directory, { recursive: true });
});

test('both images of Prometheus are one version', () => {
  const [, version] =
    /^ARG PROMETHEUS=(.+)$/m.exec(readFileSync('deploy/docker/history.Dockerfile', 'utf8')) ?? [];
  expect([serviceCalled('prometheus').image, serviceCalled('prometheus-history').image]).toEqual([
    version,
    version,
  ]);
});

function packagesImportedBy(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.(?:test|bench)\.ts$/.test(file) && !file.includes('fixtures'),
  );
  const names = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/from '((?:@[\w-]+\/)?[a-z][\w.-]*)['/]/g)].map(
      ([, name = '']) => name,
    ),
  );
  return [...new Set(names)].filter((name) => !name.startsWith('node')).toSorted();
}
