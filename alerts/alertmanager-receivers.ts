import type { Policy } from './policy.ts';

/** A receiver as Alertmanager 0.25 and newer read it. */
export interface AlertmanagerReceiver {
  readonly name: string;
  readonly webhook_configs?: readonly { readonly url: string; readonly send_resolved: boolean }[];
  readonly email_configs?: readonly (typeof mailTexts & {
    readonly to: string;
    readonly send_resolved: boolean;
  })[];
  readonly slack_configs?: readonly (typeof chatTexts & {
    readonly api_url_file: string;
    readonly channel: string;
    readonly send_resolved: boolean;
  })[];
}

const mailTexts = {
  headers: { Subject: '{{ template "maintenance.title" . }}' },
  text: '{{ template "maintenance.mail.text" . }}',
  html: '{{ template "maintenance.mail.html" . }}',
} as const;

const chatTexts = {
  title: '{{ template "maintenance.title" . }}',
  title_link: '{{ .ExternalURL }}',
  fallback: '{{ template "maintenance.title" . }}',
  text: '{{ template "maintenance.chat.text" . }}',
} as const;

/** The mail server, for all receivers. */
export interface AlertmanagerGlobal {
  readonly smtp_smarthost: string;
  readonly smtp_from: string;
  readonly smtp_auth_username?: string;
  readonly smtp_auth_password_file?: string;
  readonly smtp_require_tls?: boolean;
}

/** The receiver of the watchdog, outside of this stack: it raises the alarm when nothing arrives any more. */
export const deadMansSwitch = 'dead_mans_switch';

/** The receiver of what others need to know and nobody is told, such as that a maintenance window is open. */
export const nobody = 'nobody';

/** Everybody the policy names, with every way to reach them. */
export function alertmanagerReceivers({ receivers }: Policy): readonly AlertmanagerReceiver[] {
  const told = Object.entries(receivers).map(([name, { webhook, email, slack }]) => {
    const send_resolved = name !== deadMansSwitch;
    return {
      name,
      ...(webhook === undefined ? {} : { webhook_configs: [{ url: webhook, send_resolved }] }),
      ...(email === undefined
        ? {}
        : { email_configs: [{ to: email.join(', '), send_resolved, ...mailTexts }] }),
      ...(slack === undefined
        ? {}
        : {
            slack_configs: [
              { api_url_file: slack.url_file, channel: slack.channel, send_resolved, ...chatTexts },
            ],
          }),
    };
  });
  return [...told, { name: nobody }];
}

/** Where mail goes out; undefined where the policy has no mail server. */
export function alertmanagerGlobal({ mail }: Policy): AlertmanagerGlobal | undefined {
  if (mail === undefined) return undefined;
  return {
    smtp_smarthost: mail.server,
    smtp_from: mail.from,
    ...(mail.user === undefined ? {} : { smtp_auth_username: mail.user }),
    ...(mail.password_file === undefined ? {} : { smtp_auth_password_file: mail.password_file }),
    ...(mail.tls ? {} : { smtp_require_tls: false }),
  };
}
