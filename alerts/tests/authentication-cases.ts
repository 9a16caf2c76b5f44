import { type AlertCases, alive, app, dead, fires, kiosk, turns } from './case-tables.ts';
import { always, days, fact, type Lasting, scraped, type Series, step } from './facts.ts';

/** A counter that grows by so much between two samples, and once more when the condition turns. */
function failing(noise: number, burst: number, at = turns, lasting: Lasting = {}): Series {
  const before = at / step - 1;
  const top = noise * before;
  const values = `0+${noise}x${before} ${top + noise + burst}+${noise}x${always}`;
  return fact('maintenance_authentication_failures_total', {}, values, lasting);
}

const later = 3 * days;

/** Cases of the alerts in ../authentication-alerts.ts; the limits are those of the policy of the tests. */
export const authenticationCases: Readonly<Record<string, AlertCases>> = {
  MaintenanceAuthenticationFailureBurst: {
    fires: [
      {
        series: { ...scraped(), ...failing(0, 21) },
        at: fires,
        firing: [app],
        description:
          'app-1 (acme): 21 authentications failed within 30 minutes. First step: `journalctl -t sshd -t sshd-session -t sudo -t su --since -1h` on the host, for who and from where.',
      },
      // Usual are 100 in half an hour for three days of seven: about 43.
      { series: { ...scraped(), ...failing(50, 400, later) }, at: later + step, firing: [app] },
    ],
    silent: [
      { series: { ...scraped(), ...failing(0, 20) }, at: fires, firing: [] },
      { series: { ...scraped(), ...failing(0, 21) }, at: turns, firing: [] },
      { series: { ...scraped(), ...failing(50, 0, later) }, at: later + step, firing: [] },
      // The exporter lost its count: it begins with 0.
      {
        series: {
          ...scraped(),
          ...fact('maintenance_authentication_failures_total', {}, `5000x${turns / step - 1} 0x${always}`),
        },
        at: fires,
        firing: [],
      },
    ],
    override: [
      {
        series: { ...scraped({ on: kiosk }), ...failing(0, 100, turns, { on: kiosk }) },
        at: fires,
        firing: [],
      },
      {
        series: { ...scraped({ on: kiosk }), ...failing(0, 101, turns, { on: kiosk }) },
        at: fires,
        firing: [kiosk],
      },
    ],
    'exporter dead': [
      {
        series: {
          ...scraped(alive),
          ...fact('maintenance_authentication_failures_total', {}, '0x10 500x12 stale'),
        },
        at: dead,
        firing: [],
        beside: ['MaintenanceHostDown'],
      },
    ],
    'metric absent': [{ series: scraped(), at: fires, firing: [] }],
  },
};
