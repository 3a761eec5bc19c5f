// Owns: measuring sides against each other: each in a process of its own, taking turns, so that a machine that slows down
// slows them all.
import { SideClient, type SideSpec } from "./side-client.js";

/** The first repeat after the warm-up is dropped. */
const DROPPED = 1;

/** What was measured, by the name of the side. */
export class Measured {
  private readonly figures: ReadonlyMap<string, readonly number[]>;

  constructor(figures: ReadonlyMap<string, readonly number[]>) {
    this.figures = figures;
  }

  /** In the order of the rounds. */
  of(side: string): readonly number[] {
    const found = this.figures.get(side);
    if (found === undefined) throw new RangeError(`no side ${side} was measured`);
    return found;
  }
}

export async function alternate(sides: Readonly<Record<string, SideSpec>>, repeats: number): Promise<Measured> {
  const figures = new Map<string, number[]>();
  const open = new Map<string, SideClient>();
  try {
    for (const [name, spec] of Object.entries(sides)) {
      open.set(name, await SideClient.open(spec));
      figures.set(name, []);
    }
    for (let round = 0; round < repeats + DROPPED; round++) {
      for (const [name, client] of open) {
        const figure = await client.repeat();
        if (round >= DROPPED) figures.get(name)?.push(figure);
      }
    }
  } finally {
    for (const client of open.values()) client.close();
  }
  return new Measured(figures);
}

/** Each figure from a process of its own, which has done nothing before. */
export async function fresh(spec: SideSpec, repeats: number): Promise<readonly number[]> {
  const figures: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const client = await SideClient.open({ ...spec, warmups: 0 });
    figures.push(await client.repeat());
    client.close();
  }
  return figures;
}
