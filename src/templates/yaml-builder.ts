import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { Fault, Place } from '../core/fault.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ConfigNode, MapEntry, MapNode } from './config-node.ts';
import { YAML_LIMITS } from './yaml-limits.ts';
import { readScalar } from './yaml-scalar.ts';

type Collection = Extract<Event, { type: 2 | 3 }>;
type ScalarEvent = Extract<Event, { type: 4 }>;

interface Built {
  readonly node: ConfigNode;
  /** Nodes in it, those behind aliases counted as often as they are used. */
  readonly size: number;
}

/** Builds nodes from js-yaml's events, which tell where in the text everything stands. One builder builds one document. */
export class YamlBuilder {
  private readonly faults: Fault[] = [];
  /** undefined while the anchor's own content is being read. */
  private readonly anchors = new Map<string, Built | undefined>();
  private next = 0;
  private aliases = 0;
  private readonly text: string;
  private readonly events: readonly Event[];
  private readonly place: (offset: number) => Place;

  constructor(text: string, events: readonly Event[], place: (offset: number) => Place) {
    this.text = text;
    this.events = events;
    this.place = place;
  }

  build(): Result<ConfigNode, readonly Fault[]> {
    if (this.events[0]?.type === EVENT_ID.DOCUMENT) this.next = 1;
    const { node, size } = this.read();
    if (size > YAML_LIMITS.nodes) {
      this.faults.push({
        place: node.origin,
        message: `has more than ${YAML_LIMITS.nodes} values once its aliases are followed`,
      });
    }
    return this.faults.length > 0 ? err(this.faults) : ok(node);
  }

  private read(): Built {
    const event = this.events[this.next];
    this.next += 1;
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.anchored(event, () => this.readScalar(event));
      case EVENT_ID.SEQUENCE:
        return this.anchored(event, () => this.readList(event));
      case EVENT_ID.MAPPING:
        return this.anchored(event, () => this.readMap(event));
      case EVENT_ID.ALIAS:
        return this.readAlias(event.anchorStart, event.anchorEnd);
      default:
        return this.nothing(0);
    }
  }

  private anchored(event: Collection | ScalarEvent, build: () => Built): Built {
    if (event.anchorStart < 0) return build();
    const name = this.text.slice(event.anchorStart, event.anchorEnd);
    this.anchors.set(name, undefined);
    const built = build();
    this.anchors.set(name, built);
    return built;
  }

  private readScalar(event: ScalarEvent): Built {
    const origin = this.place(Math.max(startOf(event), event.tagStart, event.anchorStart, 0));
    const tag = event.tagStart < 0 ? undefined : this.text.slice(event.tagStart, event.tagEnd);
    const result = readScalar(getScalarValue(this.text, event), event.style, tag, origin);
    if (result.ok) return { node: result.value, size: 1 };
    this.faults.push({ ...result.error, place: this.place(event.tagStart) });
    return { node: { kind: 'scalar', value: null, origin }, size: 1 };
  }

  private readList(event: Collection): Built {
    this.checkTag(event, '!!seq');
    const items: ConfigNode[] = [];
    let size = 1;
    while (!this.atEnd()) {
      const built = this.read();
      items.push(built.node);
      size = this.grown(size, built);
    }
    return { node: { kind: 'list', items, origin: this.place(event.start) }, size };
  }

  private readMap(event: Collection): Built {
    this.checkTag(event, '!!map');
    const entries = new Map<string, MapEntry>();
    const merged: ConfigNode[] = [];
    let size = 1;
    while (!this.atEnd()) {
      const key = this.readKey();
      const built = this.read();
      size = this.grown(size, built);
      if (key === undefined) continue;
      if (key.merges) merged.push(built.node);
      else if (entries.has(key.text))
        this.faults.push({ place: key.at, message: `the key "${key.text}" is there twice` });
      else entries.set(key.text, { at: key.at, value: built.node });
    }
    for (const node of merged) this.mergeInto(entries, node);
    return { node: { kind: 'map', entries, origin: this.place(event.start) }, size };
  }

  /** Reads a key; undefined, with a fault, if it is none that JSON could have. */
  private readKey(): { text: string; at: Place; merges: boolean } | undefined {
    const event = this.events[this.next];
    if (event?.type === EVENT_ID.SCALAR && event.valueStart >= 0) {
      this.next += 1;
      const text = getScalarValue(this.text, event);
      return { text, at: this.place(startOf(event)), merges: text === '<<' && event.style === SCALAR_STYLE.PLAIN };
    }
    const { node } = this.read();
    if (node.kind === 'scalar' && typeof node.value === 'string')
      return { text: node.value, at: node.origin, merges: false };
    this.faults.push({ place: node.origin, message: 'a key has to be text' });
    return undefined;
  }

  /** What `<<` brings gives way to what the map says itself; of several, the earlier wins. */
  private mergeInto(entries: Map<string, MapEntry>, node: ConfigNode): void {
    for (const source of node.kind === 'list' ? node.items : [node]) {
      if (source.kind !== 'map') this.faults.push({ place: source.origin, message: '"<<" merges maps only' });
      else addAbsent(entries, source);
    }
  }

  private readAlias(start: number, end: number): Built {
    const name = this.text.slice(start, end);
    this.aliases += 1;
    if (this.aliases === YAML_LIMITS.aliases + 1) {
      this.faults.push({ place: this.place(start), message: `uses more than ${YAML_LIMITS.aliases} aliases` });
    }
    const built = this.anchors.get(name);
    if (built !== undefined) return built;
    const message = this.anchors.has(name) ? `*${name} refers to itself` : `no anchor &${name} stands above *${name}`;
    this.faults.push({ place: this.place(start), message });
    return this.nothing(start);
  }

  private grown(size: number, { size: more }: Built): number {
    return Math.min(size + more, YAML_LIMITS.nodes + 1);
  }

  private atEnd(): boolean {
    const event = this.events[this.next];
    if (event !== undefined && event.type !== EVENT_ID.POP) return false;
    this.next += 1;
    return true;
  }

  private checkTag(event: Collection, allowed: string): void {
    const tag = event.tagStart < 0 ? allowed : this.text.slice(event.tagStart, event.tagEnd);
    if (tag !== allowed)
      this.faults.push({ place: this.place(event.tagStart), message: `the tag ${tag} is not supported` });
  }

  private nothing(offset: number): Built {
    return { node: { kind: 'scalar', value: null, origin: this.place(offset) }, size: 1 };
  }
}

/** Where a scalar begins, its quote included. */
function startOf({ valueStart, style }: ScalarEvent): number {
  const quoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  return quoted ? valueStart - 1 : valueStart;
}

function addAbsent(entries: Map<string, MapEntry>, source: MapNode): void {
  for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
}
