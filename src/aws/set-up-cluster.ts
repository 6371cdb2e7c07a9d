import { CreateClusterCommand, type ECSClient } from '@aws-sdk/client-ecs';

/** Makes the cluster; one that exists stays as it is (API CreateCluster). For local AWS, where nobody else makes one. */
export async function setUpCluster(client: ECSClient, cluster: string): Promise<void> {
  await client.send(new CreateClusterCommand({ clusterName: cluster }));
}
