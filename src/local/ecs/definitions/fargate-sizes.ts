/** Memory that Fargate offers with one number of CPU units; MiB. */
interface SizeRow {
  readonly cpuUnits: number;
  readonly memoryMiB: readonly number[];
}

const GIB = 1024;

/** Task sizes of Fargate (Amazon ECS Developer Guide, `fargate-tasks-services`, task CPU and memory). */
const SIZES: readonly SizeRow[] = [
  { cpuUnits: 256, memoryMiB: [512, GIB, 2 * GIB] },
  { cpuUnits: 512, memoryMiB: gibibytes(1, 4, 1) },
  { cpuUnits: 1024, memoryMiB: gibibytes(2, 8, 1) },
  { cpuUnits: 2048, memoryMiB: gibibytes(4, 16, 1) },
  { cpuUnits: 4096, memoryMiB: gibibytes(8, 30, 1) },
  { cpuUnits: 8192, memoryMiB: gibibytes(16, 60, 4) },
  { cpuUnits: 16384, memoryMiB: gibibytes(32, 120, 8) },
  { cpuUnits: 32768, memoryMiB: [60 * GIB, 120 * GIB, 244 * GIB] },
];

function gibibytes(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * GIB);
}

/** Whether Fargate has a size of so many CPU units and MiB. */
export function isFargateSize(cpuUnits: number, memoryMiB: number): boolean {
  return SIZES.some((row) => row.cpuUnits === cpuUnits && row.memoryMiB.includes(memoryMiB));
}

/** CPU units in `"1024"` or `"1 vCPU"`; undefined when it is neither. */
export function cpuUnitsOf(text: string): number | undefined {
  return amountOf(text, /^\s*(\d*\.?\d+)\s*vcpu\s*$/i, 1024);
}

/** MiB in `"2048"` or `"2 GB"`; undefined when it is neither. */
export function memoryMiBOf(text: string): number | undefined {
  return amountOf(text, /^\s*(\d*\.?\d+)\s*gb\s*$/i, GIB);
}

function amountOf(text: string, withUnit: RegExp, perUnit: number): number | undefined {
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  const [, amount] = withUnit.exec(text) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * perUnit);
}
