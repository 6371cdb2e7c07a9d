import { type MessageCase, rejected } from './message-case.ts';

const VALID = '{"flow":"etl","runId":"r-1","parameters":{"day":"2026-10-01","list":[1,2.5e3,null]},"labels":["a"]}';

const NOT_JSON: Readonly<Record<string, string>> = {
  empty: '',
  'a space': ' ',
  'only line ends': '\r\n\r\n',
  words: 'run the etl please',
  'a byte order mark before it': '\ufeff{"flow":"etl"}',
  'single quotes': "{'flow':'etl'}",
  'a bare key': '{flow:"etl"}',
  'a comma at the end': '{"flow":"etl",}',
  'a comma at the end of a list': '{"flow":"etl","labels":["a",]}',
  'two commas': '{"flow":"etl",,"labels":[]}',
  'a comment': '{"flow":"etl"} // now',
  'a comment inside': '{/* which */"flow":"etl"}',
  NaN: '{"flow":"etl","priority":NaN}',
  Infinity: '{"flow":"etl","priority":Infinity}',
  undefined: '{"flow":"etl","priority":undefined}',
  'words of Python': '{"flow":"etl","parameters":{"full":True,"day":None}}',
  'a number with a zero before it': '{"flow":"etl","priority":007}',
  'a number with a plus': '{"flow":"etl","priority":+1}',
  'a number that begins with its point': '{"flow":"etl","priority":.5}',
  'a hexadecimal number': '{"flow":"etl","priority":0x10}',
  'a line end in a string': '{"flow":"e\ntl"}',
  'a tab in a string': '{"flow":"e\ttl"}',
  'an escape that is none': '{"flow":"\\x65tl"}',
  'half of a unicode escape': '{"flow":"\\u00"}',
  'an escaped end': '{"flow":"etl\\"}',
  'two documents': '{"flow":"etl"}{"flow":"etl"}',
  'two documents on two lines': '{"flow":"etl"}\n{"flow":"etl"}',
  'a document and a bracket': '{"flow":"etl"}]',
  'brackets that cross': '{"flow":["etl"}]',
  YAML: 'flow: etl\nparameters: {day: 1}\n',
  XML: '<run><flow>etl</flow></run>',
  HTML: '<!DOCTYPE html><html><body>503 Service Unavailable</body></html>',
  'a form': 'flow=etl&parameters=%7B%7D',
  base64: 'eyJmbG93IjoiZXRsIn0=',
  'a URL': 's3://bucket/request.json',
  'a shell command': '$(curl http://169.254.169.254/latest/meta-data/)',
  'a template': '{{ flow }}',
  'a pickle': "(dp0\nS'flow'\np1\nS'etl'\np2\ns.",
  JavaScript: '({flow:"etl"})',
  'a callback': 'run({"flow":"etl"})',
  'a guard before it': ')]}\',\n{"flow":"etl"}',
  'a replacement character': '\ufffd\ufffd{"flow":"etl"}',
  'an en dash for a minus': '{"flow":"etl","priority":–1}',
  'quotes of a word processor': '{“flow”:“etl”}',
  'a line separator outside a string': '{"flow":"etl"\u2028}',
  'a no-break space outside a string': '{"flow":\u00a0"etl"}',
};

const NOT_AN_OBJECT: Readonly<Record<string, string>> = {
  null: 'null',
  true: 'true',
  false: 'false',
  'a number': '42',
  'a huge number': '1e400',
  'a string': '"etl"',
  'a string that is a request': '"{\\"flow\\":\\"etl\\"}"',
  'an empty list': '[]',
  'a list of requests': '[{"flow":"etl"}]',
  'a list in a list': '[[]]',
};

/** Keys that other programs take for prototypes, however they are written and wherever they stand. */
const FORBIDDEN = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"\\u005f_proto__"',
  '"\\u005F\\u005Fproto\\u005f_"',
  '"c\\u006fnstructor"',
];
const PLACES: Readonly<Record<string, (key: string) => string>> = {
  'at the top': (key) => `{"flow":"etl",${key}:{"admin":true}}`,
  'among the parameters': (key) => `{"flow":"etl","parameters":{${key}:{"admin":true}}}`,
  'deep in the parameters': (key) => `{"flow":"etl","parameters":{"a":[{"b":{${key} : 1}}]}}`,
  'in the run config': (key) => `{"flow":"etl","runConfig":{"env":{${key}:"1"}}}`,
  'in the metadata': (key) => `{"flow":"etl","metadata":{${key}:null}}`,
  'in the trigger': (key) => `{"flow":"etl","trigger":{"source":"queue",${key}:{}}}`,
};

/** Bodies that are no JSON object, or one that nobody should touch. */
export function unreadableBodies(): readonly MessageCase[] {
  const cut = Array.from({ length: Math.floor(VALID.length / 2) }, (_, i) => VALID.slice(0, 1 + i * 2));
  return [
    ...Object.entries(NOT_JSON).map(([name, body]) => rejected(`not JSON: ${name}`, body, 'the body is not JSON')),
    ...cut.map((body) => rejected(`not JSON: cut off after ${body.length} characters`, body, 'the body is not JSON')),
    ...Object.entries(NOT_AN_OBJECT).map(([name, body]) =>
      rejected(`not an object: ${name}`, body, 'the body is not a JSON object'),
    ),
    ...FORBIDDEN.flatMap((key) =>
      Object.entries(PLACES).map(([place, bodyWith]) =>
        rejected(
          `a forbidden key ${place}: ${key}`,
          bodyWith(key),
          `the key ${JSON.stringify(JSON.parse(key))} is not allowed`,
        ),
      ),
    ),
    ...deepBodies(),
  ];
}

function deepBodies(): readonly MessageCase[] {
  const why = 'nested deeper than 64 levels';
  return [
    rejected(
      'deep: 65 objects',
      [
        ['{"a":', 65],
        ['1', 1],
        ['}', 65],
      ],
      why,
    ),
    rejected(
      'deep: 65 lists',
      [
        ['[', 65],
        [']', 65],
      ],
      why,
    ),
    rejected(
      'deep: 64 levels below the parameters',
      [
        ['{"flow":"etl","parameters":{"a":', 1],
        ['[', 63],
        [']', 63],
        ['}}', 1],
      ],
      why,
    ),
    rejected(
      'deep: a hundred thousand lists',
      [
        ['[', 100_000],
        [']', 100_000],
      ],
      why,
    ),
    rejected('deep: a hundred thousand objects that never end', [['{"a":', 100_000]], why),
    rejected(
      'deep: brackets that open and close in turn, and more that open',
      [
        ['[]', 100],
        ['[{"a":', 40],
      ],
      why,
    ),
    rejected(
      'long: a hundred thousand escaped quotes without an end',
      [
        ['"', 1],
        ['\\"', 100_000],
      ],
      'not JSON',
    ),
    rejected('long: a hundred thousand quotes', [['"', 100_001]], 'not JSON'),
    rejected('long: two hundred thousand spaces', [[' ', 200_000]], 'not JSON'),
    rejected('long: a number of a hundred thousand digits', [['9', 100_000]], 'not a JSON object'),
    rejected(
      'long: a string of a hundred thousand letters',
      [
        ['"', 1],
        ['a', 100_000],
        ['"', 1],
      ],
      'not a JSON object',
    ),
  ];
}
