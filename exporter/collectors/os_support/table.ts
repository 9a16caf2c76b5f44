/** Releases of one product, from one source. */
interface Product {
  /** Where the dates are published. */
  readonly source: string;
  /** When what is here was published or last changed, as far as known; the oldest of the dates if there are several. */
  readonly asOf: string;
  /** Last day with updates for everybody, then of the extension that is sold, by release. */
  readonly releases: Readonly<Record<string, readonly [end: string, extended?: string]>>;
}

const rhel: Product = {
  source: 'https://access.redhat.com/support/policy/updates/errata (end of Maintenance Support; ELS)',
  asOf: '2025-05-20',
  releases: {
    6: ['2020-11-30', '2024-06-30'],
    7: ['2024-06-30', '2028-06-30'],
    8: ['2029-05-31', '2032-05-31'],
    9: ['2032-05-31', '2035-05-31'],
    10: ['2035-05-31'],
  },
};

/**
 * Ends of support, by ID of os-release(5) and by release, for where the system itself does not say. Only dates that a
 * published source gives, read there or through a page that quotes it (endoflife.date); a release that is missing is unknown.
 * To correct one, change it with its source and date.
 */
export const shippedTable: Readonly<Record<string, Product>> = {
  rhel,
  almalinux: {
    source: 'https://wiki.almalinux.org/release-notes/ (security support)',
    asOf: '2025-05-27',
    releases: { 8: ['2029-03-01'], 9: ['2032-05-31'], 10: ['2035-05-31'] },
  },
  rocky: {
    source: 'https://wiki.rockylinux.org/rocky/version/ (SUPPORT_END of rocky-release)',
    asOf: '2025-06-11',
    releases: { 8: ['2029-05-31'], 9: ['2032-05-31'], 10: ['2035-05-31'] },
  },
  ol: {
    source:
      'https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf (Premier Support; only months are published, so the first day of 7 and 8)',
    asOf: '2023-11-21',
    releases: { 6: ['2021-03-01', '2024-12-01'], 7: ['2024-12-01'], 8: ['2029-07-01'], 9: ['2032-06-30'] },
  },
  centos: {
    source: 'https://wiki.centos.org/About/Product',
    asOf: '2024-06-30',
    releases: { 6: ['2020-11-30'], 7: ['2024-06-30'], 8: ['2021-12-31'] },
  },
  'centos-stream': {
    source: 'https://centos.org/stream9/ (10 has no day yet)',
    asOf: '2024-12-12',
    releases: { 8: ['2024-05-31'], 9: ['2027-05-31'] },
  },
  amzn: {
    source: 'https://aws.amazon.com/amazon-linux-2/ and SUPPORT_END of system-release',
    asOf: '2026-08-13',
    releases: { '2018.03': ['2023-12-31'], 2: ['2026-06-30'], 2023: ['2029-06-30'] },
  },
  fedora: {
    source: 'https://fedorapeople.org/groups/schedule/ and SUPPORT_END of fedora-release',
    asOf: '2025-10-28',
    releases: {
      38: ['2024-05-21'],
      39: ['2024-11-26'],
      40: ['2025-05-13'],
      41: ['2025-12-15'],
      42: ['2026-05-13'],
      43: ['2026-12-02'],
      44: ['2027-05-19'],
    },
  },
  sles: {
    source: 'https://www.suse.com/lifecycle (general support; LTSS)',
    asOf: '2024-06-26',
    releases: {
      '12.5': ['2024-10-31', '2027-10-31'],
      '15.3': ['2022-12-31', '2025-12-31'],
      '15.4': ['2023-12-31', '2026-12-31'],
      '15.5': ['2024-12-31', '2027-12-31'],
      '15.6': ['2025-12-31', '2028-12-31'],
    },
  },
  'opensuse-leap': {
    source: 'https://en.opensuse.org/Lifetime',
    asOf: '2026-03-29',
    releases: {
      '15.3': ['2022-12-31'],
      '15.4': ['2023-12-07'],
      '15.5': ['2024-12-31'],
      '15.6': ['2026-04-30'],
      '16.0': ['2027-10-31'],
    },
  },
  alpine: {
    source: 'https://alpinelinux.org/releases/',
    asOf: '2026-01-27',
    releases: {
      '3.15': ['2023-11-01'],
      '3.16': ['2024-05-23'],
      '3.17': ['2024-11-22'],
      '3.18': ['2025-05-09'],
      '3.19': ['2025-11-01'],
      '3.20': ['2026-04-01'],
      '3.21': ['2026-11-01'],
      '3.22': ['2027-05-01'],
      '3.23': ['2027-11-01'],
    },
  },
};

/** Releases of Windows by build: see shippedTable. */
export const windowsTable = {
  source: 'https://learn.microsoft.com/lifecycle/products/ and /windows/release-health/',
  asOf: '2026-01-16',
  server: {
    9200: ['2023-10-10', '2026-10-13'],
    9600: ['2023-10-10', '2026-10-13'],
    14393: ['2027-01-12', '2030-01-12'],
    17763: ['2029-01-09'],
    20348: ['2031-10-14'],
    25398: ['2025-10-24'],
    26100: ['2034-10-10'],
  },
  /** Home, Pro, Pro Education, Pro for Workstations. */
  pro: {
    19041: ['2021-12-14'],
    19042: ['2022-05-10'],
    19043: ['2022-12-13'],
    19044: ['2023-06-13'],
    19045: ['2025-10-14'],
    22000: ['2023-10-10'],
    22621: ['2024-10-08'],
    22631: ['2025-11-11'],
    26100: ['2026-10-13'],
    26200: ['2027-10-12'],
    28000: ['2028-03-14'],
    26300: ['2028-10-10'],
  },
  /** Enterprise and Education. */
  enterprise: {
    19041: ['2021-12-14'],
    19042: ['2023-05-09'],
    19043: ['2022-12-13'],
    19044: ['2024-06-11'],
    19045: ['2025-10-14'],
    22000: ['2024-10-08'],
    22621: ['2025-10-14'],
    22631: ['2026-11-10'],
    26100: ['2027-10-12'],
    28000: ['2029-03-13'],
  },
  /** Enterprise LTSC and LTSB. */
  ltsc: { 14393: ['2026-10-13'], 17763: ['2029-01-09'], 19044: ['2027-01-12'], 26100: ['2029-10-09'] },
  /** IoT Enterprise LTSC. */
  iot: { 17763: ['2029-01-09'], 19044: ['2032-01-13'], 26100: ['2034-10-10'] },
} as const satisfies Readonly<
  Record<string, string | Readonly<Record<number, readonly [end: string, extended?: string]>>>
>;

/**
 * What Debian and Ubuntu publish in distro-info-data 0.68, for hosts that do not have that package: its columns version,
 * series, eol, then eol-lts and eol-elts or eol-esm.
 */
export const shippedDistroInfo = {
  asOf: '2025-10-18',
  debian: `version,codename,series,created,release,eol,eol-lts,eol-elts
9,Stretch,stretch,2015-04-26,2017-06-17,2020-07-18,2022-06-30,2027-06-30
10,Buster,buster,2017-06-17,2019-07-06,2022-09-10,2024-06-30,2029-06-30
11,Bullseye,bullseye,2019-07-06,2021-08-14,2024-08-14,2026-08-31,2031-06-30
12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-07-11,2028-06-30,2033-06-30
13,Trixie,trixie,2023-06-10,2025-08-09,2028-08-09,2030-06-30,2035-06-30`,
  ubuntu: `version,codename,series,created,release,eol,eol-server,eol-esm
14.04 LTS,Trusty Tahr,trusty,2013-10-17,2014-04-17,2019-04-25,2019-04-25,2024-04-25
16.04 LTS,Xenial Xerus,xenial,2015-10-22,2016-04-21,2021-04-30,2021-04-30,2026-04-23
18.04 LTS,Bionic Beaver,bionic,2017-10-19,2018-04-26,2023-05-31,2023-05-31,2028-04-26
20.04 LTS,Focal Fossa,focal,2019-10-17,2020-04-23,2025-05-29,2025-05-29,2030-04-23
22.04 LTS,Jammy Jellyfish,jammy,2021-10-14,2022-04-21,2027-06-01,2027-06-01,2032-04-21
24.04 LTS,Noble Numbat,noble,2023-10-12,2024-04-25,2029-05-31,2029-05-31,2034-04-25
24.10,Oracular Oriole,oracular,2024-04-25,2024-10-10,2025-07-10
25.04,Plucky Puffin,plucky,2024-10-10,2025-04-17,2026-01-15
25.10,Questing Quokka,questing,2025-04-17,2025-10-09,2026-07-09
26.04 LTS,Resolute Raccoon,resolute,2025-10-09,2026-04-23,2031-05-29,2031-05-29,2036-04-23`,
} as const;
