import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Exporter } from '../exporter.ts';
import type { Body, Exposition } from '../exposition.ts';
import type { Log } from '../log.ts';
import { landingPage } from './landing.ts';

export interface AppOptions {
  readonly exporter: Exporter;
  readonly telemetryPath: string;
  readonly version: string;
  /** Reads the configuration again. @throws Error when it is not valid; the one in use stays. */
  readonly reload: () => Promise<void>;
  readonly log: Log;
}

/** The routes. A scrape serves bytes that were rendered when a collector ended; it starts nothing. */
export function createApp({ exporter, telemetryPath, version, reload, log }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');

  app.get(telemetryPath, async (request, response) => {
    const names = selection(request);
    if (names === undefined) return answerMetrics(request, response, exporter.exposition());
    const known = exporter.statuses().map(({ job }) => job.collector.name);
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0)
      return text(
        response,
        400,
        `no such collector here: ${unknown.join(', ')}; enabled are ${known.join(', ')}`,
      );
    return answerMetrics(request, response, await exporter.select(names));
  });
  app.get('/-/healthy', (_, response) => text(response, 200, 'Healthy.'));
  app.get('/-/ready', (_, response) => {
    const waiting = exporter.statuses().filter(({ last }) => last === undefined);
    if (waiting.length === 0) return text(response, 200, 'Ready.');
    const names = waiting.map(({ job }) => job.collector.name).join(', ');
    return text(response, 503, `Waiting for the first run of ${names}.`);
  });
  app.post('/-/reload', async (_, response) => {
    try {
      await reload();
      text(response, 200, 'Configuration read again.');
    } catch (error) {
      text(
        response,
        500,
        `Configuration kept as it was. ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  });
  app.all('/-/reload', (_, response) => text(response.set('Allow', 'POST'), 405, 'Reload with POST.'));
  app.get('/', (_, response) => {
    response
      .set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
      .type('html')
      .send(landingPage(exporter.statuses(), { telemetryPath, version, now: Date.now() / 1000 }));
  });
  app.use((_, response) => text(response, 404, 'Not here. The start page / lists what is.'));
  app.use((error: unknown, _: Request, response: Response, next: NextFunction) => {
    log.error('request failed', { error: error instanceof Error ? error.message : String(error) });
    if (response.headersSent) return next(error);
    return text(response, 500, 'The exporter failed to answer; its log says why.');
  });
  return app;
}

/** `?collect[]=apt&collect[]=restic`, as node_exporter understands it; undefined when nothing is selected. */
function selection(request: Request): readonly string[] | undefined {
  const asked = new URL(request.originalUrl, 'http://localhost').searchParams.getAll('collect[]');
  return asked.length === 0 ? undefined : asked;
}

function answerMetrics(request: Request, response: Response, exposition: Exposition | undefined): void {
  if (exposition === undefined) return text(response, 503, 'Starting: nothing has been measured yet.');
  const openMetrics = request.headers.accept?.includes('application/openmetrics-text') === true;
  return answerBody(request, response, openMetrics ? exposition.openMetrics : exposition.text);
}

function answerBody(request: Request, response: Response, { contentType, plain, gzipped }: Body): void {
  const gzip = acceptsGzip(request.headers['accept-encoding']);
  const bytes = gzip ? gzipped : plain;
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-Length': bytes.length,
    Vary: 'Accept, Accept-Encoding',
    ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(bytes);
}

function acceptsGzip(header: string | readonly string[] | undefined): boolean {
  const offers = String(header ?? '').split(',');
  return offers.some((offer) => /^\s*gzip\s*(;|$)/i.test(offer) && !/;\s*q=0(\.0*)?\s*$/.test(offer));
}

function text(response: Response, status: number, message: string): void {
  response.status(status).type('text/plain').send(`${message}\n`);
}
