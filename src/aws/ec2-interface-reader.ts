import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type AwsClientOptions, clientSettings } from './client-options.ts';
import type { InterfaceReader } from './current-network.ts';

/** Network interfaces as EC2 tells them. EC2's SDK is large: import this file where it is needed, not before. */
export class Ec2InterfaceReader implements InterfaceReader {
  readonly #client: Pick<EC2Client, 'send'>;

  constructor(client: Pick<EC2Client, 'send'>) {
    this.#client = client;
  }

  static connect(options: AwsClientOptions): Ec2InterfaceReader {
    return new Ec2InterfaceReader(new EC2Client(clientSettings(options)));
  }

  async securityGroupsOf(networkInterfaceId: string): Promise<readonly string[]> {
    const { NetworkInterfaces = [] } = await this.#client.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [networkInterfaceId] }),
    );
    return (NetworkInterfaces[0]?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  }
}
