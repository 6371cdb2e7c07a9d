import { type ConfigNode, child, itemsOf, type MapNode, textOf } from '../config-node.ts';

const ECR_IMAGE = /^\d{12}\.dkr[.-]ecr[.-]/;

/** Why a definition needs an execution role, and the value that says so. */
export interface RoleNeed {
  readonly why: string;
  readonly at: ConfigNode;
}

/**
 * The first reason for an execution role (Amazon ECS Developer Guide, "Task execution IAM role"): on Fargate images in ECR
 * and awslogs, anywhere secrets and logins to registries. On EC2 the instance's role pulls and logs.
 */
export function executionRoleNeed(definition: MapNode, onFargate: boolean): RoleNeed | undefined {
  for (const container of itemsOf(definition, 'containerDefinitions')) {
    const need = needOf(container, onFargate);
    if (need !== undefined) return need;
  }
  return undefined;
}

function needOf(container: ConfigNode, onFargate: boolean): RoleNeed | undefined {
  const logs = child(container, 'logConfiguration');
  const secret = itemsOf(container, 'secrets')[0] ?? itemsOf(logs, 'secretOptions')[0];
  if (secret !== undefined) return { why: 'secrets are read with it', at: secret };
  const login = child(container, 'repositoryCredentials');
  if (login !== undefined) return { why: 'the login of the registry is read with it', at: login };
  if (!onFargate) return undefined;
  const image = child(container, 'image');
  if (image !== undefined && ECR_IMAGE.test(textOf(container, 'image') ?? ''))
    return { why: 'the image is pulled from ECR with it', at: image };
  const driver = child(logs, 'logDriver');
  return driver !== undefined && textOf(logs, 'logDriver') === 'awslogs'
    ? { why: 'logs are written with it', at: driver }
    : undefined;
}
