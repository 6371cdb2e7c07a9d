declare const OUTPUT: unique symbol;

/** Stands for what a step will have put out: passed to later steps while the graph is built, it is how they depend on it. */
export class StepHandle<Output = unknown> {
  /** Only a type: there is no output before the flow runs. */
  declare readonly [OUTPUT]: Output;
  /** The step's name. */
  readonly step: string;

  constructor(step: string) {
    this.step = step;
  }
}

/** Handles by the names under which a step finds their outputs. */
export type Inputs = Readonly<Record<string, StepHandle>>;

/** What a step is given for its handles. */
export type OutputsOf<I extends Inputs> = {
  readonly [K in keyof I]: I[K] extends StepHandle<infer Output> ? Output : never;
};
