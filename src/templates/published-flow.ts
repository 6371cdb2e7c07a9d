import type { Fault } from '../core/fault.ts';
import type { FlowRecord } from '../core/flow-catalogue.ts';
import { isJsonMap, type JsonMap } from '../core/json.ts';
import { parseJsonText } from '../core/parse-json-text.ts';
import { err, type Result } from '../core/result.ts';
import { type ConfigNode, child } from './config-node.ts';
import { type FlowDefaults, type FlowDefinition, parseFlow } from './flow-definition.ts';
import { parseYaml } from './parse-yaml.ts';
import { fileNamedIn } from './templates-of.ts';

/** What a published flow's artifact and record say themselves, and what only agents with the file at hand can do. */
const NOT_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['flow', 'the artifact says the name'],
  ['version', 'the artifact says the version'],
  ['artifact', 'it is what is published'],
  ['parameters', 'the artifact has their schema'],
  ['description', 'the artifact has it'],
  ['schedules', "schedules are for flows in the agent's folder: put a YAML file there"],
]);

/**
 * Reads a published flow as an agent reads a flow's YAML file. Faults name it `name@version`. Its settings may name no files:
 * agents elsewhere do not have them.
 */
export function publishedFlow(record: FlowRecord, defaults: FlowDefaults): Result<FlowDefinition, readonly Fault[]> {
  const { flow, version, description, artifactS3Uri, settings } = record;
  const file = `${flow}@${version}`;
  const parameters = parametersIn(record.spec);
  const written = {
    flow,
    version,
    ...(description === undefined ? {} : { description }),
    artifact: artifactS3Uri,
    ...(parameters === undefined ? {} : { parameters }),
    ...settings,
  };
  const document = parseYaml(Buffer.from(JSON.stringify(written, null, 1)), file);
  if (!document.ok) return document;
  const strayed = [...settingFaults(settings, file), ...fileFaults(document.value)];
  return strayed.length > 0 ? err(strayed) : parseFlow(document.value, defaults);
}

function parametersIn(spec: string): JsonMap | undefined {
  const parsed = parseJsonText(spec);
  const parameters = parsed.ok && isJsonMap(parsed.value) ? parsed.value.parameters : undefined;
  return isJsonMap(parameters) ? parameters : undefined;
}

function settingFaults(settings: JsonMap, file: string): readonly Fault[] {
  return Object.keys(settings).flatMap((key) => {
    const why = NOT_SETTINGS.get(key);
    return why === undefined ? [] : [{ place: { file }, message: `${key} may not be set here: ${why}` }];
  });
}

function fileFaults(document: ConfigNode): readonly Fault[] {
  const runConfig = child(document, 'runConfig');
  return (['taskDefinition', 'runTaskKwargs'] as const).flatMap((field) => {
    const named = fileNamedIn(runConfig, field);
    if (named === undefined) return [];
    return [{ place: named.at, message: `${field} names a file`, hint: 'write it out here, as a map' }];
  });
}
