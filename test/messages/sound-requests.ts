import { accepted, type MessageCase, request } from './message-case.ts';

/** Bodies that look odd, and are requests all the same. */
export function soundRequests(): readonly MessageCase[] {
  return [
    accepted('sound: a flow and nothing else', '{"flow":"etl"}'),
    accepted('sound: white space around everything', ' \r\n\t{ "flow" : "etl" } \n'),
    accepted('sound: escapes in a key', '{"fl\\u006fw":"etl"}'),
    accepted('sound: slashes that are escaped', '{"flow":"team\\/etl"}'),
    accepted('sound: any letters in a name', request({ flow: 'выгрузка ☃ 😀' })),
    accepted('sound: a name of 256 characters', request({ flow: 'x'.repeat(256) })),
    accepted('sound: an id of 64 characters', request({ runId: 'x'.repeat(64) }), 'x'.repeat(64)),
    accepted('sound: an id of one character', request({ runId: '-' }), '-'),
    accepted('sound: an id that is a word of JavaScript', request({ runId: 'constructor' }), 'constructor'),
    accepted('sound: an id that is a prototype', request({ runId: '__proto__' }), '__proto__'),
    accepted('sound: brackets in strings count for nothing', request({ metadata: { a: '[{'.repeat(500) } })),
    accepted('sound: quotes and brackets in strings', request({ metadata: { a: '"]}\\"[{'.repeat(500) } })),
    {
      name: 'sound: 64 levels',
      body: [
        ['{"flow":"etl","parameters":{"a":', 1],
        ['[', 62],
        [']', 62],
        ['}}', 1],
      ],
      end: { kind: 'accepted' },
    },
    {
      name: 'sound: parameters of 99 KB',
      body: [
        ['{"flow":"etl","parameters":{"a":"', 1],
        ['a', 99_000],
        ['"}}', 1],
      ],
      end: { kind: 'accepted' },
    },
    accepted(
      'sound: characters that no name can have, as data',
      request({ parameters: { a: '\u0000\u001b\ud800\n' } }),
    ),
    accepted('sound: numbers beyond what is exact', '{"flow":"etl","parameters":{"a":12345678901234567890,"b":1e400}}'),
    accepted(
      'sound: keys of data that would be words elsewhere',
      request({ parameters: { flow: 1, runId: 2, toString: 3 } }),
    ),
    accepted('sound: an empty key', request({ parameters: { '': '' } })),
    accepted('sound: words that look like templates', request({ parameters: { a: '{{ runId }}', b: '$' + '{HOME}' } })),
    accepted('sound: the last of two keys counts', '{"flow":"other","flow":"etl"}'),
    accepted('sound: a null under another launcher’s word', '{"flow_name":"etl","cpu":null}'),
    accepted(
      'sound: the words of other launchers',
      '{"flow_name":"etl","run_id":"r-alias","org_id":"a","triggered_by":"ann"}',
      'r-alias',
    ),
    accepted('sound: a time with an offset', request({ notBefore: '2026-10-01T02:00:00+02:00' })),
    accepted('sound: a time with parts of a second', request({ notBefore: '2026-10-01T00:00:00.123456Z' })),
    accepted('sound: a leap day', request({ expiresAt: '2028-02-29T00:00:00Z' })),
    accepted('sound: the most urgent', request({ priority: 1000 })),
    accepted('sound: the least urgent', request({ priority: -1000 })),
    accepted(
      'sound: parameters in S3',
      request({ parametersS3Uri: 's3://bucket.with-dots/deep/key with spaces.json' }),
    ),
    accepted('sound: a key of dots', request({ parametersS3Uri: 's3://bucket/...' })),
    accepted('sound: a key with a double slash', request({ parametersS3Uri: 's3://bucket/a//b' })),
    accepted('sound: fifty labels', request({ labels: Array.from({ length: 50 }, (_, i) => `label-${i}`) })),
  ];
}
