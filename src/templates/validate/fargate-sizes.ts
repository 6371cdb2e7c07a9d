import type { Fault } from '../../core/fault.ts';
import type { ConfigNode } from '../config-node.ts';
import { cpuUnits, mebibytes } from '../size.ts';

interface FargateSize {
  readonly cpu: number;
  /** MiB: from, to, in steps of; or the only values there are. */
  readonly memory: readonly number[];
  readonly windows: boolean;
}

/** Fargate's sizes (Amazon ECS Developer Guide, "Task CPU and memory" for Fargate); 32 vCPU knows three values only. */
export const FARGATE_SIZES: readonly FargateSize[] = [
  { cpu: 256, memory: [512, 1024, 2048], windows: false },
  { cpu: 512, memory: steps(1024, 4096, 1024), windows: false },
  { cpu: 1024, memory: steps(2048, 8192, 1024), windows: true },
  { cpu: 2048, memory: steps(4096, 16_384, 1024), windows: true },
  { cpu: 4096, memory: steps(8192, 30_720, 1024), windows: true },
  { cpu: 8192, memory: steps(16_384, 61_440, 4096), windows: false },
  { cpu: 16_384, memory: steps(32_768, 122_880, 8192), windows: false },
  { cpu: 32_768, memory: [61_440, 122_880, 249_856], windows: false },
];

function steps(from: number, to: number, by: number): readonly number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}

/** Whether Fargate has this size. */
export function isFargatePair(cpu: number | undefined, memory: number | undefined): boolean {
  return FARGATE_SIZES.some((size) => size.cpu === cpu && memory !== undefined && size.memory.includes(memory));
}

/** The smallest size with so much of both at least; the largest memory there is where none has. */
export function largerFargateSize({ cpu, memory }: { cpu: number; memory: number }): { cpu: number; memory: number } {
  const fitting = FARGATE_SIZES.filter((size) => size.cpu >= cpu);
  for (const size of fitting) {
    const enough = size.memory.find((each) => each >= memory);
    if (enough !== undefined) return { cpu: size.cpu, memory: enough };
  }
  const last = fitting.at(-1);
  return { cpu: last?.cpu ?? cpu, memory: last?.memory.at(-1) ?? memory };
}

/** A fault if Fargate has no such size, with the nearest ones it has; at the value that has to change. */
export function fargateSizeFaults(
  cpu: ConfigNode | undefined,
  memory: ConfigNode | undefined,
  windows: boolean,
): readonly Fault[] {
  if (cpu?.kind !== 'scalar' || memory?.kind !== 'scalar') return [];
  const [units, mib] = [cpuUnits(cpu.value), mebibytes(memory.value)];
  if (units === undefined || mib === undefined) return [];
  const sizes = FARGATE_SIZES.filter((size) => !windows || size.windows);
  const size = sizes.find((candidate) => candidate.cpu === units);
  const system = windows ? ' for Windows' : '';
  if (size === undefined) {
    const near = nearest(sizes, ({ cpu: other }) => Math.abs(other - units))
      .map(rangeText)
      .join(', ');
    return [
      { place: cpu.origin, message: `cpu ${units} is not a Fargate size${system}`, hint: `nearest valid: ${near}` },
    ];
  }
  if (size.memory.includes(mib)) return [];
  const near = nearest(size.memory, (other) => Math.abs(other - mib));
  const message = `memory ${mib} is not a Fargate size for cpu ${units}`;
  return [{ place: memory.origin, message, hint: `nearest valid: ${near.join(', ')} (cpu ${rangeText(size)})` }];
}

function nearest<T extends FargateSize | number>(
  candidates: readonly T[],
  distance: (candidate: T) => number,
): readonly T[] {
  const two = [...candidates].sort((a, b) => distance(a) - distance(b)).slice(0, 2);
  return candidates.filter((candidate) => two.includes(candidate));
}

/** `512 (1024–4096 MB)` */
function rangeText({ cpu, memory }: FargateSize): string {
  return memory.length > 3 ? `${cpu} (${memory[0]}–${memory.at(-1)} MB)` : `${cpu} (${memory.join(', ')} MB)`;
}
