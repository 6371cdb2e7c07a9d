import { type Input, optionalFlag, optionalStructure } from '../read-input.ts';
import { AwsError } from '../service.ts';
import type { Database, DatabaseJournal } from './database.ts';
import { namedTable } from './describe-table.ts';
import type { Answer } from './dynalite.ts';
import type { Table } from './table.ts';

const RECOVERY_DAYS = 35;

/** DescribeContinuousBackups. The setting is kept and shown; there is nothing to restore from here. */
export function describeContinuousBackups(database: Database, request: Input, now: number): Answer {
  return described(namedTable(database, request), now);
}

/** UpdateContinuousBackups: switches point-in-time recovery on or off. */
export function updateContinuousBackups(journal: DatabaseJournal, request: Input, now: number): Answer {
  const table = namedTable(journal.state, request);
  const { recoverableSince, ...definition } = table.definition;
  const enabled = isEnabled(request);
  journal.change({
    kind: 'define',
    definition: enabled ? { ...definition, recoverableSince: recoverableSince ?? now } : definition,
  });
  return described(table, now);
}

function described(table: Table, now: number): Answer {
  const { recoverableSince } = table.definition;
  const recovery =
    recoverableSince === undefined
      ? { PointInTimeRecoveryStatus: 'DISABLED' }
      : {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: RECOVERY_DAYS,
          EarliestRestorableDateTime: recoverableSince / 1000,
          LatestRestorableDateTime: now / 1000,
        };
  return {
    ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: recovery },
  };
}

function isEnabled(request: Input): boolean {
  const specification = optionalStructure(request, 'PointInTimeRecoverySpecification') ?? {};
  const enabled = optionalFlag(specification, 'PointInTimeRecoveryEnabled');
  if (enabled !== undefined) return enabled;
  throw new AwsError(
    'ValidationException',
    "1 validation error detected: Value null at 'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed " +
      'to satisfy constraint: Member must not be null',
  );
}
