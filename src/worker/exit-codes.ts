/** Exit codes of the worker's own (sysexits.h: `EX_TEMPFAIL`, `EX_CONFIG`); all others are the program's. */
export const UNAVAILABLE = 75;
export const MISCONFIGURED = 78;
