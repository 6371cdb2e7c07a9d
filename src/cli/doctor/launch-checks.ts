import { parseEcrImage } from '../../core/ecr-image.ts';
import { formatFault } from '../../core/fault.ts';
import type { DoctorTools } from './doctor-tools.ts';
import { type Finding, look, ng, ok, warn } from './finding.ts';

/** What runs need before their code begins. The agent makes none of these calls: a look that is denied is a warning. */
export function launchChecks(tools: DoctorTools): readonly Promise<Finding | readonly Finding[]>[] {
  const { facts } = tools;
  return [
    Promise.resolve(flows(tools)),
    ...facts.clusters.map((cluster) => clusterCheck(tools, cluster)),
    ...facts.logGroups.filter((name) => !facts.madeLogGroups.includes(name)).map((name) => logGroup(tools, name)),
    ...facts.secrets.map((secret) => secretCheck(tools, secret)),
    ...accountChecks(tools),
  ];
}

/** What only an account has. */
function accountChecks(tools: DoctorTools): readonly Promise<Finding>[] {
  const { facts } = tools;
  if (tools.isLocal) return [Promise.resolve(ok('roles, images, subnets, quota', 'not looked at: local AWS has none'))];
  return [
    ...facts.passedRoles.map((role) => roleCheck(tools, role)),
    ...facts.images.map((image) => imageCheck(tools, image)),
    ...(facts.subnets.length === 0 ? [] : [subnets(tools)]),
    quota(tools),
  ];
}

function flows({ workspace, facts }: DoctorTools): readonly Finding[] {
  const faults = [...workspace.flowFaults.map(formatFault), ...facts.problems];
  const loaded = `${workspace.flows.size} loaded, ${workspace.templates.size} templates`;
  if (faults.length === 0) return [ok('flows', loaded)];
  return faults.map((fault) => ng('flows', fault, 'slipway config validate'));
}

function clusterCheck({ inspector }: DoctorTools, cluster: string): Promise<Finding> {
  const name = `cluster ${cluster.split('/').at(-1)}`;
  return look(name, { isOptional: true }, async () => {
    const status = await inspector.clusterStatus(cluster);
    const make = `aws ecs create-cluster --cluster-name ${cluster.split('/').at(-1)}`;
    return status === 'ACTIVE' ? ok(name, status) : ng(name, status ?? 'is not there', make);
  });
}

function roleCheck({ inspector }: DoctorTools, arn: string): Promise<Finding> {
  const name = arn.split(':').at(-1) ?? arn;
  return look(name, { isOptional: true, ifMissing: 'docs/iam.md' }, async () => {
    const trusted = await inspector.trustOf(arn);
    if (trusted.includes('ecs-tasks')) return ok(name, 'trusted by ecs-tasks');
    return ng(name, 'ECS may not take it on for tasks', 'slipway aws iam --trust ecs-tasks');
  });
}

function logGroup({ inspector }: DoctorTools, name: string): Promise<Finding> {
  const check = `log group ${name}`;
  return look(check, { isOptional: true }, async () =>
    (await inspector.logGroupExists(name))
      ? ok(check, 'is there')
      : ng(check, 'is not there, and no definition has it made', `aws logs create-log-group --log-group-name ${name}`),
  );
}

async function imageCheck({ inspector }: DoctorTools, image: string): Promise<Finding> {
  const check = `image ${image}`;
  const parsed = parseEcrImage(image);
  if (parsed === undefined) return ok(check, 'is not in ECR: whether it is there was not looked at');
  return look(check, { isOptional: true, ifMissing: 'push it, or mend its name' }, async () => {
    const digest = await inspector.digestOf(parsed);
    return digest === undefined ? ng(check, 'is not there', 'push it, or mend its name') : ok(check, digest);
  });
}

async function secretCheck({ inspector }: DoctorTools, valueFrom: string): Promise<Finding> {
  const check = `secret ${valueFrom.split(':secret:').at(-1)}`;
  if (!valueFrom.includes(':secretsmanager:')) return warn(check, 'is a parameter of SSM: not looked at');
  return look(check, { isOptional: true, ifMissing: 'make the secret, or mend its ARN' }, async () => {
    await inspector.secretExists(valueFrom.split(':').slice(0, 7).join(':'));
    return ok(check, 'is there (its value was not read)');
  });
}

/** A task takes one address. */
function subnets({ inspector, facts }: DoctorTools): Promise<Finding> {
  return look('subnets', { isOptional: true, ifMissing: 'mend network.subnets' }, async () => {
    const free = await inspector.freeAddresses(facts.subnets);
    const missing = facts.subnets.filter((subnet) => !free.has(subnet));
    if (missing.length > 0) return ng('subnets', `there is no ${missing.join(', ')}`, 'mend network.subnets');
    const words = [...free].map(([subnet, count]) => `${subnet} ${count} free`).join(', ');
    return [...free.values()].some((count) => count > 0)
      ? ok('subnets', words)
      : ng('subnets', words, 'free addresses there, or name more in network.subnets');
  });
}

function quota({ inspector, workspace }: DoctorTools): Promise<Finding> {
  return look('vCPU quota', { isOptional: true }, async () => {
    const vcpus = await inspector.fargateVcpus();
    const { concurrentRuns } = workspace.agent.limits;
    if (vcpus === undefined) return warn('vCPU quota', 'AWS does not tell it');
    const words = `${vcpus} vCPU on Fargate at once; this agent may have ${concurrentRuns} runs in flight`;
    return vcpus < concurrentRuns
      ? warn('vCPU quota', words, 'Service Quotas, or lower limits.concurrentRuns')
      : ok('vCPU quota', words);
  });
}
