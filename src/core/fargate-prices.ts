/** What Fargate costs in a region, in US dollars an hour (AWS Fargate Pricing). */
export interface FargateRates {
  readonly vcpu: number;
  readonly gb: number;
}

export interface RegionRates {
  readonly x86: FargateRates;
  /** Left out where it is not known. */
  readonly arm?: FargateRates | undefined;
  /** A GiB of ephemeral storage above the first 20; left out where it is not known. */
  readonly storage?: number | undefined;
}

/** The rates of a region as AWS's Price List has them (service AmazonECS), and when they were read there. */
interface ListedRates extends RegionRates {
  /** What stands before `-Fargate-vCPU-Hours:perCPU`, `-Fargate-GB-Hours`, `-Fargate-ARM-…` in the list's usage types. */
  readonly usage: string;
  /** ISO 8601, as far as it is known; `undated` where the copy of the list that was seen does not say when it was made. */
  readonly read: string;
}

/** The month in which the table was last checked. Prices change seldom; a region that is not here has none that we know. */
export const PRICES_OF = '2026-09';

const LOWEST = {
  x86: { vcpu: 0.04048, gb: 0.004445 },
  arm: { vcpu: 0.03238, gb: 0.00356 },
};
const TOKYO = { x86: { vcpu: 0.05056, gb: 0.00553 }, arm: { vcpu: 0.04045, gb: 0.00442 } };

/** Linux tasks, on demand. Only what was seen in the list: what is remembered or likely has no place here. */
export const FARGATE_PRICES: Readonly<Record<string, ListedRates>> = {
  'us-east-1': { ...LOWEST, storage: 0.000111, usage: 'USE1', read: '2026-03' },
  'us-east-2': { ...LOWEST, storage: 0.000111, usage: 'USE2', read: '2026-09-10' },
  'us-west-2': { x86: LOWEST.x86, storage: 0.000111, usage: 'USW2', read: 'undated' },
  'eu-west-1': { ...LOWEST, usage: 'EU', read: '2026-05-01' },
  'eu-west-2': {
    x86: { vcpu: 0.04656, gb: 0.00511 },
    arm: { vcpu: 0.03725, gb: 0.00409 },
    storage: 0.000129,
    usage: 'EUW2',
    read: 'undated',
  },
  'eu-central-1': { x86: { vcpu: 0.04656, gb: 0.00511 }, usage: 'EUC1', read: '2026-07-07' },
  'ap-northeast-1': { ...TOKYO, storage: 0.000133, usage: 'APN1', read: '2026-09-06' },
  'ap-southeast-1': { ...TOKYO, usage: 'APS1', read: '2026-08-21' },
};
