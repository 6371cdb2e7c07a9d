import { describe, expect, it } from 'vitest';
import { MAX_PIPES_LINE_BYTES, parsePipesLine } from '../../src/core/parse-pipes-line.ts';

/** One message of each method, as dagster-pipes 1.13 writes it to a line. */
const GOLDEN: Readonly<Record<string, string>> = {
  opened: '{"__dagster_pipes_version": "0.1", "method": "opened", "params": {"extras": {}}}',
  log: '{"__dagster_pipes_version": "0.1", "method": "log", "params": {"message": "it is \\u043a", "level": "INFO"}}',
  report_asset_materialization:
    '{"__dagster_pipes_version": "0.1", "method": "report_asset_materialization", "params": {"asset_key": "a/b", "data_version": null, "metadata": {"rows": {"raw_value": 3, "type": "int"}}}}',
  report_asset_check:
    '{"__dagster_pipes_version": "0.1", "method": "report_asset_check", "params": {"asset_key": "a", "check_name": "c", "passed": true, "metadata": null, "severity": "ERROR"}}',
  report_custom_message:
    '{"__dagster_pipes_version": "0.1", "method": "report_custom_message", "params": {"payload": [1, 2.5, null, "x"]}}',
  log_external_stream:
    '{"__dagster_pipes_version": "0.1", "method": "log_external_stream", "params": {"stream": "stdout", "text": "a\\nb", "extras": {}}}',
  closed:
    '{"__dagster_pipes_version": "0.1", "method": "closed", "params": {"exception": {"message": "ValueError: x\\n", "stack": ["  File 1\\n"], "name": "ValueError", "cause": null, "context": null}}}',
};

describe('a line of Dagster Pipes', () => {
  it.each(Object.entries(GOLDEN))('says %s with what was said', (method, line) => {
    expect(parsePipesLine(line)).toEqual({ method, params: JSON.parse(line).params });
    expect(parsePipesLine(`  ${line}\r`)).toEqual({ method, params: JSON.parse(line).params });
  });

  it('may have no params, or none to speak of', () => {
    expect(parsePipesLine('{"__dagster_pipes_version":"0.1","method":"closed"}')).toEqual({
      method: 'closed',
      params: null,
    });
  });

  it.each([
    ['is empty', ''],
    ['is any text', 'INFO starting up'],
    ['is other JSON', '{"level":"info","event":"closed"}'],
    ['is cut off', GOLDEN.closed?.slice(0, -5) ?? ''],
    ['is two messages in one line', `${GOLDEN.opened}${GOLDEN.closed}`],
    ['is a list', `[${GOLDEN.opened}]`],
    ['has a method that nobody knows', '{"__dagster_pipes_version":"0.1","method":"explode","params":{}}'],
    ['has a method of ours', '{"__dagster_pipes_version":"0.1","method":"report_progress","params":{}}'],
    ['has no method', '{"__dagster_pipes_version":"0.1","params":{}}'],
    ['has a number for a version', '{"__dagster_pipes_version":1,"method":"opened","params":{}}'],
    ['has a list for params', '{"__dagster_pipes_version":"0.1","method":"log","params":[1]}'],
    ['would change a prototype', '{"__dagster_pipes_version":"0.1","method":"log","params":{"__proto__":{"a":1}}}'],
    [
      'is nested without end',
      `{"__dagster_pipes_version":"0.1","method":"log","params":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_001)}`,
    ],
    ['is larger than anything sensible', `{"__dagster_pipes_version":"${'x'.repeat(MAX_PIPES_LINE_BYTES)}"}`],
  ])('is no message when it %s', (_what, line) => {
    expect(parsePipesLine(line)).toBeUndefined();
  });

  it('may be a megabyte long', () => {
    const payload = '\\"\\\\'.repeat(256 * 1024);
    const line = `{"__dagster_pipes_version":"0.1","method":"report_custom_message","params":{"payload":"${payload}"}}`;
    expect(parsePipesLine(line)?.method).toBe('report_custom_message');
  });
});
