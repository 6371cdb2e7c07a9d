import type { Fault, Place } from '../core/fault.ts';
import type { DocumentStore } from './document-store.ts';
import { isInside } from './place-ref.ts';

const HINT = 'add its folder or bucket to roots in agent.yaml';

/** The places that flows may read, as they are named and as they are once links are followed. */
export class Roots {
  private readonly named: readonly string[];
  private readonly real: readonly string[];

  private constructor(named: readonly string[], real: readonly string[]) {
    this.named = named;
    this.real = real;
  }

  static async of(places: readonly string[], store: DocumentStore): Promise<Roots> {
    return new Roots(places, await Promise.all(places.map((place) => store.realPath(place))));
  }

  /** The fault of a reference that leaves the places by its own words; before anything is read. */
  faultOfRef(ref: string, at: Place): Fault | undefined {
    if (isInside(ref, this.named)) return undefined;
    return { place: at, message: `"${ref}" is outside the places that flows may read`, hint: HINT };
  }

  /** The fault of a document that was read and that a link has led out of the places. */
  faultOfLink(ref: string, store: DocumentStore, at: Place): Fault | undefined {
    const location = store.locationOf(ref);
    if (location === undefined || location === ref || isInside(location, this.real)) return undefined;
    return { place: at, message: `"${ref}" is a link that leads outside the places that flows may read`, hint: HINT };
  }
}
