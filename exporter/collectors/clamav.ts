import { z } from 'zod';
import { CollectorError, defineCollector, problemOf, type Host, type Problem } from '../collector.ts';
import { metricsOf, sample, type Sample } from '../metrics.ts';
import { askVersion, findSocket, isRunning } from './clamav/clamd.ts';
import { newestOfEach, readDatabases, type Database } from './clamav/cvd.ts';

const product = 'clamav';
/** Versions of daily whose build time is remembered; about a month of releases. */
const remembered = 40;

const path = z.string({ error: 'expected a path' }).startsWith('/', 'expected a path that starts with /');

/** ClamAV on this host: the databases on disk, and what clamd has loaded. */
export const clamav = defineCollector({
  name: 'clamav',
  summary: 'ClamAV databases on disk, and what clamd has loaded',
  tools: [],
  rights: 'to connect to the socket of clamd (LocalSocketMode 666, or its group)',
  metrics: metricsOf('antivirus'),
  byDefault: false,
  interval: 5 * 60,
  timeout: 30,
  settings: z.strictObject({
    socket: path.optional().describe('Socket of clamd; found in clamd.conf unless set.'),
    database_directory: path.default('/var/lib/clamav').describe('Where freshclam keeps the databases.'),
  }),
  example: {},
  detect: async (host) => ((await host.stat('/etc/clamav/clamd.conf')) === undefined ? undefined : {}),
  collect: async (host, settings) => {
    const problems: Problem[] = [];
    /** Runs a part of the question; where it fails the others go on. */
    const part = async (ask: () => Promise<readonly Sample[]>): Promise<readonly Sample[]> => {
      try {
        return await ask();
      } catch (error) {
        problems.push(problemOf(error));
        return [];
      }
    };

    let databases: readonly Database[] = [];
    const onDisk = await part(async () => {
      databases = await readDatabases(host, settings.database_directory, problems);
      return newestOfEach(databases).map(({ name, built }) =>
        sample('maintenance_antivirus_definitions_timestamp_seconds', { product, database: name }, built),
      );
    });
    const dailies = databases.filter(({ name }) => name === 'daily');
    const builds = await rememberBuilds(host, dailies, problems);
    const running = await part(() => clamdSamples(host, settings.socket, builds, problems));
    return { samples: [...onDisk, ...running], problems };
  },
});

/** Build time by version of daily. */
type Builds = ReadonlyMap<number, number>;

const stateSchema = z.object({ daily: z.array(z.object({ version: z.number(), built: z.number() })) });

/** The build times of the daily databases on disk, and of those seen before: clamd may still have one of them loaded. */
async function rememberBuilds(
  host: Host,
  dailies: readonly Database[],
  problems: Problem[],
): Promise<Builds> {
  const builds = new Map<number, number>();
  let damaged = false;
  try {
    const { document, problems: damage } = await host.state.read(product);
    problems.push(...damage);
    damaged = damage.length > 0;
    for (const { version, built } of stateSchema.safeParse(document).data?.daily ?? [])
      builds.set(version, built);
  } catch (error) {
    problems.push(problemOf(error));
  }
  const news = dailies.filter(({ version, built }) => builds.get(version) !== built);
  if (news.length === 0 && !damaged) return builds;
  for (const { version, built } of news) builds.set(version, built);
  try {
    const daily = [...builds].map(([version, built]) => ({ version, built }));
    await host.state.write(product, { daily: daily.slice(-remembered) });
  } catch (error) {
    problems.push(problemOf(error));
  }
  return builds;
}

async function clamdSamples(
  host: Host,
  configured: string | undefined,
  builds: Builds,
  problems: Problem[],
): Promise<readonly Sample[]> {
  const socket = configured ?? (await findSocket(host));
  const running = await isRunning(host, socket);
  const samples = [sample('maintenance_antivirus_running', { product }, running ? 1 : 0)];
  if (!running) return samples;
  try {
    const { engine, daily } = await askVersion(host, socket);
    const definitions = daily === undefined ? '' : String(daily);
    samples.push(sample('maintenance_antivirus_info', { product, version: engine, definitions }, 1));
    samples.push(
      sample(
        'maintenance_antivirus_definitions_loaded_timestamp_seconds',
        { product },
        buildOf(daily, builds),
      ),
    );
  } catch (error) {
    problems.push(problemOf(error));
  }
  return samples;
}

/** @throws CollectorError when it is not known. */
function buildOf(daily: number | undefined, builds: Builds): number {
  if (daily === undefined)
    throw new CollectorError(
      'source_missing',
      'clamd runs without a daily database; run freshclam and reload clamd',
    );
  const built = builds.get(daily);
  if (built !== undefined) return built;
  throw new CollectorError(
    'source_missing',
    `clamd has loaded daily ${daily}, which is no longer on disk and was never seen, so its age is unknown; restart clamd`,
  );
}
