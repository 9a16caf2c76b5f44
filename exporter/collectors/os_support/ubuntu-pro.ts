import { z } from 'zod';
import { CollectorError, type Host } from '../../collector.ts';

const statusFile = '/var/lib/ubuntu-advantage/status.json';

const statusSchema = z.object({
  attached: z.boolean(),
  expires: z.string().nullish(),
  services: z.array(z.object({ name: z.string(), status: z.string() })),
});

/** Ubuntu Pro on this host. */
export interface UbuntuPro {
  /** Whether security updates after the standard support are enabled. */
  readonly esm: boolean;
  /** When the contract ends, unix seconds, where it says so. */
  readonly expires?: number;
}

/**
 * Parses what `pro status --format json` prints and keeps in status.json; see uaclient/status.py.
 * @throws CollectorError unexpected_output.
 */
export function parseProStatus(text: string): UbuntuPro {
  const parsed = statusSchema.safeParse(jsonOf(text));
  if (!parsed.success)
    throw new CollectorError(
      'unexpected_output',
      `${statusFile} is not the status of Ubuntu Pro; run pro status as root, which writes it`,
    );
  const { attached, expires, services } = parsed.data;
  const until = Date.parse(expires ?? '');
  return {
    esm: attached && services.some(({ name, status }) => name === 'esm-infra' && status === 'enabled'),
    ...(Number.isNaN(until) ? {} : { expires: Math.floor(until / 1000) }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads the status that `pro` keeps; not attached where it keeps none. Nobody is asked over the network. */
export async function readUbuntuPro(host: Host): Promise<UbuntuPro> {
  const text = await host.read(statusFile);
  return text === undefined ? { esm: false } : parseProStatus(text);
}
