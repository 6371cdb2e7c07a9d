import { readFile } from 'node:fs/promises';
import type { Fault } from '../../core/fault.ts';
import type { FlowRecord } from '../../core/flow-catalogue.ts';
import { isJsonMap, type JsonMap } from '../../core/json.ts';
import { toJson } from '../../templates/config-node.ts';
import { parseYaml } from '../../templates/parse-yaml.ts';
import { publishedFlow } from '../../templates/published-flow.ts';
import { DEFAULT_RETRIES, DEFAULT_TIMEOUTS } from '../../templates/run-rules.ts';
import { EXIT } from '../exit-codes.ts';
import { FaultsError } from '../user-error.ts';

/** Reads the file of `--settings`: the keys of a flow's YAML file that say how it is run. */
export async function readSettings(file: string | undefined): Promise<JsonMap> {
  if (file === undefined) return {};
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw settingsError([{ place: { file }, message }]);
  }
  const parsed = parseYaml(bytes, file);
  if (!parsed.ok) throw settingsError(parsed.error);
  const settings = toJson(parsed.value);
  if (isJsonMap(settings)) return settings;
  throw settingsError([
    { place: { file }, message: 'has to be a map of keys such as runConfig, retries and timeouts' },
  ]);
}

/** An item of DynamoDB ends at 400 KB (Developer Guide, "Service quotas"), and the list's part of the record is in it twice. */
const MAX_RECORD_BYTES = 380 * 1024;

/** Throws what an agent, or the table, would refuse of a flow that is published like this. */
export function checkRecord(record: FlowRecord): void {
  if (Buffer.byteLength(JSON.stringify(record)) > MAX_RECORD_BYTES) {
    const message = `the graph and the settings of ${record.flow} take more than ${MAX_RECORD_BYTES / 1024} KB`;
    throw settingsError([{ message, hint: 'put large values into parameters or into S3' }]);
  }
  const flow = publishedFlow(record, { retries: DEFAULT_RETRIES, timeouts: DEFAULT_TIMEOUTS });
  if (!flow.ok) throw settingsError(flow.error);
}

function settingsError(faults: readonly Fault[]): FaultsError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new FaultsError(`${count} in how the flow is to be run`, faults, { exitCode: EXIT.config });
}
