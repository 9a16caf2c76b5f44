import type { Framework } from './framework.ts';

/** The statements that maintenance has evidence for. The scheme numbers none, so the ids are ours. All or nothing: one host that is late, or unknown, is too many. */
export const cyberEssentials = {
  name: 'cyber_essentials',
  title: 'Cyber Essentials, requirements v3.3 of April 2026',
  unit: 'statements',
  total: 35,
  honoursExceptions: false,
  shares: { met: 1, partly: 1, known: 1, fixed: true },
  requirements: [
    {
      id: 'FW-1',
      about: 'Every device is behind a firewall that is on',
      reach: 'part',
      essential: [{ control: 'firewall' }],
    },
    {
      id: 'FW-5',
      about: 'Open inbound rules have an owner and a reason',
      reach: 'part',
      essential: [{ control: 'firewall_review' }],
    },
    {
      id: 'FW-6',
      about: 'Inbound rules nobody needs are removed',
      reach: 'part',
      essential: [{ control: 'firewall_review' }],
    },
    {
      id: 'FW-7',
      about: 'Devices that leave the network have a firewall of their own',
      reach: 'most',
      essential: [{ control: 'firewall', device: 'endpoint' }],
    },
    {
      id: 'SC-1',
      about: 'Accounts nobody needs are removed',
      reach: 'part',
      essential: [{ control: 'identity_review' }],
    },
    {
      id: 'SC-3',
      about: 'Software and services nobody needs are removed',
      reach: 'part',
      essential: [{ control: 'software_review' }],
      supporting: [{ control: 'hardening', object: 'listening_sockets' }],
    },
    {
      id: 'SC-5',
      about: 'No access without logging in',
      reach: 'part',
      essential: [{ control: 'hardening', object: 'accounts_without_password' }],
    },
    {
      id: 'SUM-1',
      about: 'Software is licensed and its vendor supports it',
      reach: 'part',
      essential: [{ control: 'os_supported' }],
      supporting: [{ control: 'licence' }, { control: 'software_review' }],
    },
    {
      id: 'SUM-2',
      about: 'Unsupported software is removed or cut off',
      reach: 'part',
      essential: [{ control: 'os_supported' }, { control: 'software_review' }],
    },
    {
      id: 'SUM-3',
      about: 'Updates install themselves where they can',
      reach: 'most',
      essential: [{ control: 'patch_automation' }],
    },
    {
      id: 'SUM-4',
      about: 'Critical, high and unrated fixes work within 14 days of their release',
      reach: 'part',
      essential: [
        { control: 'patch_security', maxAge: '14d' },
        { control: 'patch_metadata' },
        { control: 'reboot' },
        { control: 'patch_firmware', device: 'network', maxAge: '14d' },
      ],
      supporting: [{ control: 'vulnerability_high', maxAge: '14d' }],
      failsAlone: true,
    },
    {
      id: 'UAC-3',
      about: 'Accounts of leavers are disabled',
      reach: 'part',
      essential: [{ control: 'identity_review' }],
    },
    {
      id: 'UAC-5',
      about: 'Administrators have an account apart',
      reach: 'part',
      essential: [{ control: 'access_review' }],
    },
    {
      id: 'UAC-6',
      about: 'Special rights go when they are not needed',
      reach: 'part',
      essential: [{ control: 'privileged_accounts' }, { control: 'access_review' }],
    },
    {
      id: 'MAL-1',
      about: 'Every device has malware protection that runs',
      reach: 'most',
      essential: [{ control: 'av_protection' }],
    },
    {
      id: 'MAL-2',
      about: 'The protection is up to date',
      reach: 'most',
      essential: [{ control: 'av_definitions', maxAge: '48h' }],
    },
    {
      id: 'MAL-3',
      about: 'Malware is stopped when it is found',
      reach: 'most',
      essential: [{ control: 'av_realtime' }],
    },
  ],
} as const satisfies Framework;
