import { describe, expect, it } from 'vitest';
import { parseEcrImage } from '../../src/core/ecr-image.ts';

const OURS = { registry: '111122223333', region: 'eu-west-1', repository: 'team/nightly' };

describe('an image in ECR', () => {
  it.each([
    ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/nightly', {}],
    ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/nightly:1', { tag: '1' }],
    ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/nightly@sha256:ab', { digest: 'sha256:ab' }],
    ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/nightly:1@sha256:ab', { tag: '1', digest: 'sha256:ab' }],
    ['111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/team/nightly', { region: 'us-east-1' }],
    ['111122223333.dkr-ecr.eu-west-1.on.aws/team/nightly', {}],
    ['111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/nightly', { region: 'cn-north-1' }],
    ['111122223333.dkr.ecr.us-iso-east-1.c2s.ic.gov/team/nightly', { region: 'us-iso-east-1' }],
  ])('is read from %s', (image, more) => {
    expect(parseEcrImage(image)).toEqual({ ...OURS, ...more });
  });

  it.each(['busybox', 'public.ecr.aws/docker/library/busybox:1', '111122223333.dkr.ecr.eu-west-1.amazonaws.com'])(
    'is not seen in %s',
    (image) => {
      expect(parseEcrImage(image)).toBeUndefined();
    },
  );
});
