import { CollectorError, type Reason } from '../../collector.ts';

/** What an administrator does about it; codes of wuerror.h and of Win32. */
const known: Readonly<Record<string, readonly [Reason, string]>> = {
  '0x80070005': [
    'permission_denied',
    'the service user may not ask the Windows Update Agent; let a scheduled task run the script as SYSTEM and set script_output',
  ],
  '0x80240044': [
    'permission_denied',
    'only an administrator may do this; let a scheduled task run the script as SYSTEM and set script_output',
  ],
  '0x80070422': [
    'not_running',
    'the service wuauserv is disabled, so nothing is searched or installed; enable it (sc.exe config wuauserv start= demand)',
  ],
  '0x8024001E': ['not_running', 'the service wuauserv was stopping; it is asked again at the next run'],
  '0x80240009': [
    'tool_failed',
    'another search or installation is under way; it is asked again at the next run',
  ],
  '0x80240438': [
    'metadata_missing',
    'there is no way to the update server; look at the proxy and the firewall',
  ],
  '0x8024500C': [
    'metadata_missing',
    'a policy keeps this host from the update server; look at DoNotConnectToWindowsUpdateInternetLocations',
  ],
  '0x80040154': ['unsupported', 'the Windows Update Agent is not registered on this system'],
};

/** The update server: WU_E_PT_* (0x80244xxx) and WinHTTP (0x80072Exx). Often they come and go. */
const fromServer = /^0x(?:80244|80072E)/i;

/**
 * A failure of the Windows Update Agent with a reason. Its own text is in the language of the host and only shown.
 * @param part which question failed.
 */
export function agentError(part: string, hresult: string, message: string): CollectorError {
  const code = hexadecimal(hresult);
  const [reason, advice] = known[`0x${code}`] ?? [
    fromServer.test(`0x${code}`) ? 'metadata_missing' : 'tool_failed',
    fromServer.test(`0x${code}`)
      ? 'the update server (WSUS or Microsoft) did not answer as it should; if it lasts, look at its address, the proxy and the name service'
      : 'look the code up in the Windows Update error reference',
  ];
  const words = message.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return new CollectorError(
    reason,
    `Windows Update, ${part}: 0x${code}${words === '' ? '' : ` (${words})`}: ${advice}`,
  );
}

/** Eight digits, also of a signed number. */
function hexadecimal(hresult: string): string {
  if (!/^-?\d+$/.test(hresult)) return hresult.replace(/^0x/i, '').slice(0, 8).toUpperCase();
  return (Number(hresult) >>> 0).toString(16).padStart(8, '0').toUpperCase();
}
