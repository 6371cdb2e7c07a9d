import type { StepItems } from '../core/run-details.ts';
import type { ToldEvent } from './flow-messages.ts';
import type { SaidStep } from './record-details.ts';

type EventOf<Kind extends ToldEvent['kind']> = Extract<ToldEvent, { readonly kind: Kind }>;

/** How far each step is, by what the flow's process has told. Pure but for its memory. */
export class StepBook {
  readonly #steps = new Map<string, SaidStep>();

  /** Notes what has happened; resolves to the steps that it changed. */
  note(event: ToldEvent): readonly SaidStep[] {
    if (event.kind === 'flow-started') return event.steps.map((step, order) => this.#put(waiting(step, order)));
    const step = this.#steps.get(event.step ?? '');
    const next = step && after(step, event);
    return next === undefined || next === step ? [] : [this.#put(next)];
  }

  /** The steps that had begun and not ended, now that nothing goes on any more. */
  interrupt(at: number): readonly SaidStep[] {
    const open = [...this.#steps.values()].filter(({ status }) => status === 'RUNNING' || status === 'RETRYING');
    return open.map((step) => this.#put({ ...step, status: 'INTERRUPTED', finishedAt: at }));
  }

  #put(step: SaidStep): SaidStep {
    this.#steps.set(step.step, step);
    return step;
  }
}

function waiting(step: string, order: number): SaidStep {
  return { step, order, status: 'WAITING', tries: 0 };
}

function after(step: SaidStep, event: Exclude<ToldEvent, { kind: 'flow-started' }>): SaidStep {
  switch (event.kind) {
    case 'step-started':
      return { ...step, status: 'RUNNING', startedAt: event.at, ...itemsOf(event) };
    case 'try-started':
      return { ...step, status: 'RUNNING', tries: step.tries + 1 };
    case 'try-failed':
      return afterFailedTry(step, event);
    case 'item-finished':
      return step.items ? { ...step, items: { ...step.items, done: step.items.done + 1 } } : step;
    case 'step-finished':
      return finished(step, event);
    case 'step-failed':
      return failed(step, event);
    case 'report':
      return event.report.type === 'progress' ? { ...step, progress: progressOf(event.report) } : step;
    default:
      return event satisfies never;
  }
}

function itemsOf({ items, kept = 0 }: EventOf<'step-started'>): { items?: StepItems } {
  return items === undefined ? {} : { items: { total: items, done: kept, kept, retries: 0 } };
}

function afterFailedTry(step: SaidStep, { error, retryInMs }: EventOf<'try-failed'>): SaidStep {
  if (retryInMs === undefined) return { ...step, error };
  if (step.items === undefined) return { ...step, status: 'RETRYING', error };
  return { ...step, error, items: { ...step.items, retries: step.items.retries + 1 } };
}

function finished({ error: _mended, ...step }: SaidStep, { at, from }: EventOf<'step-finished'>): SaidStep {
  return {
    ...step,
    status: from === 'store' ? 'KEPT' : 'SUCCEEDED',
    startedAt: step.startedAt ?? at,
    finishedAt: at,
    ...(from === 'cache' ? { cached: true } : {}),
  };
}

function failed(step: SaidStep, { at, error, index }: EventOf<'step-failed'>): SaidStep {
  const items = step.items && index !== undefined ? { items: { ...step.items, failedIndex: index } } : {};
  return { ...step, ...items, status: 'FAILED', error, finishedAt: at };
}

function progressOf({ done, total, text }: { readonly done: number; readonly total?: number; readonly text?: string }) {
  return { done, ...(total === undefined ? {} : { total }), ...(text === undefined ? {} : { text }) };
}
