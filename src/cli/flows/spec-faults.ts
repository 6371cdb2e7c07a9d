import type { Fault } from '../../core/fault.ts';
import type { FlowSpec } from '../../core/flow-spec.ts';
import { compileParameters } from '../../templates/parameters.ts';
import { parseYaml } from '../../templates/parse-yaml.ts';

/** A record in DynamoDB ends at 400 KB (Developer Guide, "Service quotas"), and is not the graph alone. */
const MAX_SPEC_BYTES = 300 * 1024;

/** What is wrong with a graph that can be drawn all the same: its parameters' schema, its size. */
export function specFaults({ parameters }: FlowSpec, text: string, file: string): readonly Fault[] {
  const faults: Fault[] = [];
  if (Buffer.byteLength(text) > MAX_SPEC_BYTES) {
    const message = `its graph takes more than ${MAX_SPEC_BYTES / 1024} KB`;
    faults.push({ place: { file }, message, hint: 'draw one step with mapOver where there are many of a kind' });
  }
  if (parameters !== undefined) {
    const node = parseYaml(Buffer.from(JSON.stringify(parameters)), file);
    const compiled = node.ok ? compileParameters(node.value) : node;
    if (!compiled.ok) faults.push(...compiled.error.map((fault) => ({ ...fault, place: { file } })));
  }
  return faults;
}
