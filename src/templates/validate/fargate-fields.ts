import type { Fault } from '../../core/fault.ts';
import { type ConfigNode, child, itemsOf, type MapNode, textOf } from '../config-node.ts';

/** What Fargate refuses (Amazon ECS Developer Guide, "Task definition differences for Fargate"). */
const REFUSED_IN_TASK = ['ipcMode', 'placementConstraints', 'inferenceAccelerators'] as const;
const REFUSED_IN_CONTAINER = [
  'links',
  'dnsServers',
  'dnsSearchDomains',
  'extraHosts',
  'dockerSecurityOptions',
  'disableNetworking',
  'privileged',
] as const;
const REFUSED_IN_LINUX = ['devices', 'sharedMemorySize', 'tmpfs', 'maxSwap', 'swappiness'] as const;
const LOG_DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];
const TIMEOUTS = { least: 2, most: 120 };

/** Faults of a definition that Fargate refuses although ECS takes it elsewhere. */
export function fargateFieldFaults(definition: MapNode): readonly Fault[] {
  return [
    ...networkModeFaults(definition),
    ...refused(definition, REFUSED_IN_TASK),
    ...pidModeFaults(definition),
    ...itemsOf(definition, 'volumes').flatMap(volumeFaults),
    ...itemsOf(definition, 'containerDefinitions').flatMap(containerFaults),
  ];
}

function networkModeFaults(definition: MapNode): readonly Fault[] {
  const mode = child(definition, 'networkMode');
  if (mode === undefined || (mode.kind === 'scalar' && mode.value === 'awsvpc')) return [];
  return [{ place: mode.origin, message: `networkMode ${valueText(mode)} is not for Fargate`, hint: 'awsvpc is' }];
}

function pidModeFaults(definition: MapNode): readonly Fault[] {
  const mode = child(definition, 'pidMode');
  return mode === undefined || valueText(mode) === 'task'
    ? []
    : [{ place: mode.origin, message: `pidMode ${valueText(mode)} is not for Fargate`, hint: 'task is' }];
}

function volumeFaults(volume: ConfigNode): readonly Fault[] {
  const host = child(child(volume, 'host'), 'sourcePath');
  return [
    ...refused(volume, ['dockerVolumeConfiguration']),
    ...(host === undefined ? [] : [notForFargate('host.sourcePath', host)]),
  ];
}

function containerFaults(container: ConfigNode): readonly Fault[] {
  const linux = child(container, 'linuxParameters');
  return [
    ...refused(container, REFUSED_IN_CONTAINER),
    ...refused(linux, REFUSED_IN_LINUX),
    ...capabilityFaults(child(linux, 'capabilities')),
    ...itemsOf(container, 'resourceRequirements').flatMap(gpuFaults),
    ...logDriverFaults(child(container, 'logConfiguration')),
    ...timeoutFaults(container, 'startTimeout'),
    ...timeoutFaults(container, 'stopTimeout'),
  ];
}

function refused(node: ConfigNode | undefined, fields: readonly string[]): readonly Fault[] {
  return fields.flatMap((field) => {
    const value = child(node, field);
    return value === undefined || saysNothing(value) ? [] : [notForFargate(field, value)];
  });
}

/** `privileged: false` and an empty list ask for nothing. */
function saysNothing(value: ConfigNode): boolean {
  if (value.kind === 'scalar') return value.value === false || value.value === null;
  return value.kind === 'list' && value.items.length === 0;
}

function capabilityFaults(capabilities: ConfigNode | undefined): readonly Fault[] {
  return itemsOf(capabilities, 'add')
    .filter((item) => valueText(item) !== 'SYS_PTRACE')
    .map((item) => ({
      place: item.origin,
      message: `the capability ${valueText(item)} is not for Fargate`,
      hint: 'only SYS_PTRACE can be added',
    }));
}

function gpuFaults(requirement: ConfigNode): readonly Fault[] {
  const type = textOf(requirement, 'type') ?? '';
  return [notForFargate(`resourceRequirements: ${type}`, requirement)];
}

function logDriverFaults(configuration: ConfigNode | undefined): readonly Fault[] {
  const driver = child(configuration, 'logDriver');
  if (driver === undefined || LOG_DRIVERS.includes(valueText(driver))) return [];
  return [
    {
      place: driver.origin,
      message: `the log driver ${valueText(driver)} is not for Fargate`,
      hint: `${LOG_DRIVERS.join(', ')} are`,
    },
  ];
}

function timeoutFaults(container: ConfigNode, field: 'startTimeout' | 'stopTimeout'): readonly Fault[] {
  const value = child(container, field);
  if (value?.kind !== 'scalar' || typeof value.value !== 'number') return [];
  if (value.value >= TIMEOUTS.least && value.value <= TIMEOUTS.most) return [];
  return [
    {
      place: value.origin,
      message: `${field} ${value.value} is not for Fargate`,
      hint: `${TIMEOUTS.least} to ${TIMEOUTS.most} seconds are`,
    },
  ];
}

function notForFargate(field: string, node: ConfigNode): Fault {
  return { place: node.origin, message: `${field} is not for Fargate` };
}

function valueText(node: ConfigNode): string {
  return node.kind === 'scalar' ? String(node.value) : '';
}
