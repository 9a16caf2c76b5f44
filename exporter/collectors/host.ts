import { z } from 'zod';
import { type Collection, defineCollector, type Host, type Machine } from '../collector.ts';
import { metricsOf, sample, type Sample } from '../metrics.ts';

export const host = defineCollector({
  name: 'host',
  summary: 'what the host is, since when it runs, and how much room it has',
  tools: [],
  rights: '',
  metrics: metricsOf('host', 'filesystem'),
  byDefault: true,
  interval: 3600,
  timeout: 60,
  settings: z.strictObject({}),
  example: {},
  detect: async () => ({}),
  collect,
});

async function collect({ machine }: Host): Promise<Collection> {
  const found = await machine();
  const missing = missingFacts(found);
  return {
    samples: [
      ...infoSamples(found),
      ...known(found.booted, (value) => sample('maintenance_host_boot_timestamp_seconds', {}, value)),
      ...known(found.cpus, (value) => sample('maintenance_host_cpus', {}, value)),
      ...known(found.memory, (value) => sample('maintenance_host_memory_bytes', {}, value)),
      ...found.fileSystems.flatMap(({ mountpoint, fstype, size, free }) => [
        sample('maintenance_filesystem_size_bytes', { mountpoint, fstype }, size),
        sample('maintenance_filesystem_free_bytes', { mountpoint, fstype }, free),
      ]),
    ],
    problems:
      missing.length === 0
        ? []
        : [
            {
              reason: 'unsupported',
              message: `the system did not give: ${missing.join(', ')}; a service needs /proc (no ProcSubset=pid), and df must answer (a dead network mount stops it)`,
            },
          ],
  };
}

/** Empty text where a part is unknown; no sample where everything is. */
function infoSamples(machine: Machine): readonly Sample[] {
  const labels = {
    hostname: machine.hostname ?? '',
    os: machine.os ?? '',
    os_version: machine.osVersion ?? '',
    kernel: machine.kernel ?? '',
    architecture: machine.architecture ?? '',
    manufacturer: machine.manufacturer ?? '',
    model: machine.model ?? '',
    virtual: machine.virtual === undefined ? '' : String(machine.virtual),
  };
  const nothing = Object.values(labels).every((label) => label === '');
  return nothing ? [] : [sample('maintenance_host_info', labels, 1)];
}

function known<T, S>(value: T | undefined, make: (value: T) => S): readonly S[] {
  return value === undefined ? [] : [make(value)];
}

/** Identity may be incomplete, as on machines without DMI; these facts every system has. */
function missingFacts({ booted, cpus, memory, fileSystems }: Machine): readonly string[] {
  return [
    ...(booted === undefined ? ['the start time'] : []),
    ...(cpus === undefined ? ['the processors'] : []),
    ...(memory === undefined ? ['the memory'] : []),
    ...(fileSystems.length === 0 ? ['the local file systems'] : []),
  ];
}
