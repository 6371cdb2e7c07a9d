/** A promise that someone else resolves; only the first time counts. */
export class Gate<Value = void> {
  readonly opened: Promise<Value>;
  isOpen = false;
  #resolve: (value: Value) => void = () => undefined;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  open(value: Value): void {
    this.isOpen = true;
    this.#resolve(value);
  }
}
