import type { ServiceFacts, ServicesFacts } from '../facts/services.ts';

type ServiceColumn = 'name' | 'agreed' | 'slo' | 'unplanned' | 'planned' | 'verdict' | 'credit';
type OutageColumn = 'service' | 'start' | 'end' | 'lasted' | 'planned' | 'counted';

/** What the report says of services: page 2 and the first part of annex E. */
export interface ServicesWords {
  /** Of page 2, at most 60 characters. */
  readonly finding: (services: readonly ServiceFacts[]) => string;
  /** The paragraph below: who missed, what that costs, and of whom too little is known. */
  readonly lede: (facts: ServicesFacts) => string;
  readonly heading: string;
  /** @param month `2026-10` @param hours of the month. */
  readonly aside: (month: string, hours: number) => string;
  readonly heads: Readonly<Record<ServiceColumn, string>>;
  readonly key: string;
  /** With the arithmetic of at most two services. */
  readonly credits: (facts: ServicesFacts) => string;
  /** Empty where no speed is promised. */
  readonly speed: (services: readonly ServiceFacts[]) => string;
  /** Instead of a verdict where nothing was promised to be paid. */
  readonly upTo: (amount: string) => string;
  readonly alt: (service: ServiceFacts) => string;
  readonly ledger: {
    readonly lede: string;
    readonly outages: string;
    readonly heads: Readonly<Record<OutageColumn, string>>;
    readonly unknown: string;
    readonly noOutages: string;
    readonly arithmetic: string;
    /** One paragraph per service: times, availability, rule and credit. */
    readonly service: (service: ServiceFacts, facts: ServicesFacts) => string;
  };
}
