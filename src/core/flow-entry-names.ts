/** The module with which a flow's folder begins, the first that is there; else the `main` of its package.json. */
export const FLOW_ENTRY_NAMES: readonly string[] = ['flow.mjs', 'index.mjs'];
