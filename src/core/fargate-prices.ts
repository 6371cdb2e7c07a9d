/** What Fargate costs in a region, in US dollars an hour (AWS Fargate Pricing). */
export interface FargateRates {
  readonly vcpu: number;
  readonly gb: number;
}

export interface RegionRates {
  readonly x86: FargateRates;
  readonly arm: FargateRates;
  /** A GiB of ephemeral storage above the first 20; that of us-east-1 if left out. */
  readonly storage?: number | undefined;
}

/** The month that the table is of. Prices change seldom; a region that is not here has none that we know. */
export const PRICES_OF = '2026-06';

const NORTH_AMERICA = { x86: { vcpu: 0.04048, gb: 0.004445 }, arm: { vcpu: 0.03238, gb: 0.00356 } };
const FRANKFURT = { x86: { vcpu: 0.04656, gb: 0.00511 }, arm: { vcpu: 0.03725, gb: 0.00409 } };
const TOKYO = { x86: { vcpu: 0.05056, gb: 0.00553 }, arm: { vcpu: 0.04045, gb: 0.00442 } };

/** Linux tasks, on demand. */
export const FARGATE_PRICES: Readonly<Record<string, RegionRates>> = {
  'us-east-1': NORTH_AMERICA,
  'us-east-2': NORTH_AMERICA,
  'us-west-2': NORTH_AMERICA,
  'eu-west-1': NORTH_AMERICA,
  'eu-central-1': FRANKFURT,
  'eu-west-2': FRANKFURT,
  'ap-northeast-1': TOKYO,
  'ap-southeast-1': TOKYO,
  'ap-southeast-2': { x86: { vcpu: 0.04856, gb: 0.00532 }, arm: { vcpu: 0.03885, gb: 0.00426 } },
  'sa-east-1': { x86: { vcpu: 0.0696, gb: 0.0076 }, arm: { vcpu: 0.0557, gb: 0.00612 } },
};
