// Owns: a promise that a test opens by hand, so that tests wait for events and never for time.

export class Gate<T = void> {
  readonly opened: Promise<T>;
  private resolve: (value: T) => void = () => undefined;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  open(value: T): void {
    this.resolve(value);
  }
}

/** After everything that could happen by itself has happened. */
export async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
