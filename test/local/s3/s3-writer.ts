import { createHash, randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startLocalAws } from '../../../src/local/start-local-aws.ts';

/**
 * A program to be killed: local AWS with its state in a folder, and eight writers that print what was acknowledged:
 * `put <key> <version> <md5>` or `deleted <key>`. Each key has one writer.
 */
const [stateDir = ''] = process.argv.slice(2);
const aws = await startLocalAws({ stateDir });
const client = new S3Client({
  endpoint: aws.url,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'writer', secretAccessKey: 'writer' },
});
const say = (line: string) => writeSync(1, `${line}\n`);
const Bucket = 'killed';
await client.send(new CreateBucketCommand({ Bucket }));

async function writeForEver(writer: number): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const body = randomBytes(turn % 10 === 0 ? 400_000 : 1000 + turn);
    const Key = `writer ${writer}/${turn % 10}`;
    await client.send(new PutObjectCommand({ Bucket, Key, Body: body, Metadata: { turn: String(turn) } }));
    say(`put\t${Key}\t${turn}\t${createHash('md5').update(body).digest('hex')}`);
    const gone = `writer ${writer}/once-${turn}`;
    await client.send(new PutObjectCommand({ Bucket, Key: gone, Body: 'x' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: gone }));
    say(`deleted\t${gone}`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => writeForEver(writer)));
