/**
 * sshd (auth.c, auth_log): once per attempt. A key that is refused is no failure, clients offer all they have; `none` asks which
 * ways there are. dropbear (svr-authpasswd.c, svr-auth.c) has words of its own.
 */
const password = /^Failed (?!publickey |none )\S+ for .* from (\S+) port (\d+)/;
const dropbear = /^(?:Bad (?:PAM )?password attempt for |Login attempt for nonexistent user)/;
/** sshd where only keys are accepted: who has none leaves before it is in (packet.c, sshpkt_vfatal). */
const left =
  /^(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting) (?:invalid|authenticating) user .* (\S+) port (\d+)(?:: Too many authentication failures)? \[preauth\]$/;
/** PAM: `pam_unix(sudo:auth): authentication failure; logname=ana ... user=ana`; pam_unix tells of further ones when the program ends. */
const pam =
  /^pam_(\w+)\(([\w.@-]+):auth\): (?:authentication (failure|success)|(\d+) more authentication failures?);(?:.* user=(\S*))?/;

interface Attempts {
  /** Refused by pam_unix. */
  local: number;
  /** Refused, or let in, by another module, such as pam_sss: pam_unix refuses everybody it does not know first. */
  refused: number;
  accepted: number;
}

/**
 * How many authentications failed, as the messages of the facilities auth and authpriv tell: logins over ssh, and what PAM
 * refused to other programs (login, su, sudo, desktops, mail). They are in English whatever the locale.
 * @param messages in their order, one per line.
 */
export function countFailures(messages: readonly string[]): number {
  let remote = 0;
  const counted = new Set<string>();
  const attempts = new Map<string, Attempts>();
  for (const message of messages) {
    const failed = password.exec(message);
    const gone = failed === null ? left.exec(message) : null;
    const connection = (failed ?? gone)?.slice(1, 3).join(' ');
    if (connection !== undefined) {
      // Whoever was refused leaves, too: that is one failure.
      if (failed !== null || !counted.has(connection)) remote += 1;
      counted.add(connection);
    } else if (dropbear.test(message)) {
      remote += 1;
    } else {
      note(message, attempts);
    }
  }
  return [...attempts.values()].reduce(
    (sum, { local, refused, accepted }) => sum + Math.max(refused, local - accepted, 0),
    remote,
  );
}

function note(message: string, attempts: Map<string, Attempts>): void {
  const [found, module, service = '', outcome, more, user = ''] = pam.exec(message) ?? [];
  // sshd tells of its own.
  if (found === undefined || service === 'sshd') return;
  const key = `${service} ${user}`;
  const own = attempts.get(key) ?? { local: 0, refused: 0, accepted: 0 };
  attempts.set(key, own);
  const count = more === undefined ? 1 : Number(more);
  if (outcome === 'success') own.accepted += 1;
  else if (module === 'unix') own.local += count;
  else own.refused += count;
}
