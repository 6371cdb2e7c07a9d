/** CPU units from `1024`, `"1024"`, `"1 vCPU"` or `".5 vcpu"`; undefined if it is none of them (ECS "task size"). */
export function cpuUnits(value: unknown): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)(?:\s*(vcpus?))?\s*$/i.exec(String(value));
  return match === null ? undefined : whole(Number(match[1]) * (match[2] === undefined ? 1 : 1024));
}

/** MiB from `2048`, `"2048"`, `"2 GB"`, `"2GiB"` or `"512 MB"`; ECS means GiB and MiB by them. */
export function mebibytes(value: unknown): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)(?:\s*(gi?b?|mi?b?))?\s*$/i.exec(String(value));
  return match === null ? undefined : whole(Number(match[1]) * (/^g/i.test(match[2] ?? '') ? 1024 : 1));
}

function whole(amount: number): number | undefined {
  return Number.isSafeInteger(amount) && amount >= 0 ? amount : undefined;
}
