// Owns: the values that the benchmarks of the codec send there and back.

const towns = ["Lisbon", "Oslo", "Graz", "Porto", "Turku", "Ghent"];
const words = "the mill turns while water runs over the wheel and grain falls between two stones of equal weight ";

const cycled = (list: readonly string[], i: number): string => list[i % list.length] ?? "";

/** About 160 B as JSON: numbers, texts, a list and two levels of objects. */
const nested = (i: number): unknown => ({
  id: i,
  name: `user ${i}`,
  active: i % 3 === 0,
  score: i * 1.37,
  tags: [`team ${i % 7}`, cycled(towns, i)],
  address: { town: cycled(towns, i), zip: 10_000 + i, place: { lat: 50.1 + i / 10_000, lng: 8.2 - i / 10_000 } },
});

/** Some 600 characters each, every tenth with some beyond Latin-1. */
const wordy = (i: number): unknown => ({
  id: i,
  title: `article ${i}`,
  body: `${words.repeat(5)}${i}`,
  note: i % 10 === 0 ? `in "quotes" \u2013 ${i} \u20ac` : `${words.slice(0, 60)}${i}`,
});

const listOf = (count: number, make: (i: number) => unknown): readonly unknown[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** All values of one repeat. */
export function valuesFor(load: string): readonly unknown[] {
  switch (load) {
    case "json":
      return [listOf(6_500, nested)];
    case "strings":
      return [listOf(1_900, wordy)];
    case "numbers":
      return [listOf(100_000, (i) => i * 1.5)];
    case "small":
      return listOf(100_000, (i) => ({ id: i, name: `user ${i}`, active: i % 2 === 0 }));
    case "buffer":
      return [new Float64Array(1_310_720).map((_, i) => i)];
    default:
      throw new RangeError(`there are no values ${load}`);
  }
}
