import type { SQSClient } from '@aws-sdk/client-sqs';
import type { AccountInspector } from '../../aws/account-inspector.ts';
import type { ChoreBook } from '../../core/chores.ts';
import type { FleetStore } from '../../core/fleet.ts';
import type { QueueGauge } from '../../core/queue-gauge.ts';
import type { LaunchFacts } from '../../runs/launch-facts.ts';
import type { Workspace } from '../../templates/workspace.ts';

/** What the doctor looks with, and at. */
export interface DoctorTools {
  readonly workspace: Workspace;
  readonly facts: LaunchFacts;
  readonly inspector: AccountInspector;
  readonly sqs: SQSClient;
  readonly gauge: QueueGauge;
  /** Absent where no table is named. */
  readonly fleet: FleetStore | undefined;
  readonly chores: ChoreBook | undefined;
  readonly region: string | undefined;
  /** Whether it is the local AWS of `slipway dev`, which has no roles, images, subnets and quotas. */
  readonly isLocal: boolean;
  readonly now: () => number;
}
