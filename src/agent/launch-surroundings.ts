import type { Fault } from '../core/fault.ts';
import type { NetworkReader } from '../core/network-reader.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SecretLister } from '../core/secret-lister.ts';
import type { AgentConfig } from '../templates/agent-config.ts';
import { child, textOf } from '../templates/config-node.ts';
import { inheritOf, type Surroundings } from '../templates/parts-of.ts';

/** Who knows what the files cannot say. Each is made when a configuration first asks for it. */
export interface SurroundingPorts {
  secrets(now: () => number): Promise<SecretLister>;
  network(): Promise<NetworkReader>;
}

/** Finds what launches need beyond the files: only what agent.yaml asks for, by `secretsTag` or `inherit`. */
export class LaunchSurroundings {
  readonly #ports: SurroundingPorts;
  readonly #now: () => number;
  #secrets: Promise<SecretLister> | undefined;
  #network: Promise<NetworkReader> | undefined;

  constructor(ports: SurroundingPorts, now: () => number) {
    this.#ports = ports;
    this.#now = now;
  }

  /** Rejects while AWS cannot be asked: a launch without its secrets would be another one. */
  async find(agent: AgentConfig): Promise<Result<Surroundings, Fault>> {
    const ecs = child(agent.document, 'ecs');
    const tag = textOf(ecs, 'secretsTag');
    const inherit = inheritOf(ecs);
    const network = inherit === undefined ? undefined : await (await this.#networkReader()).read();
    if (inherit !== undefined && network?.ok === false) return err({ place: inherit.origin, ...network.error });
    const taggedSecrets = tag === undefined ? undefined : await (await this.#secretLister()).listByTag(tag);
    return ok({
      ...(network?.ok ? { inheritedNetwork: network.value } : {}),
      ...(taggedSecrets === undefined ? {} : { taggedSecrets }),
    });
  }

  #secretLister(): Promise<SecretLister> {
    this.#secrets ??= this.#ports.secrets(this.#now);
    return this.#secrets;
  }

  #networkReader(): Promise<NetworkReader> {
    this.#network ??= this.#ports.network();
    return this.#network;
  }
}
