/** A document may not be larger, nested deeper, or use more aliases than this. */
export const YAML_LIMITS = { bytes: 256 * 1024, depth: 64, aliases: 100, nodes: 20_000 } as const;
