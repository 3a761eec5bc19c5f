// A file holds one concept: none is over 400 lines, and the middle one is at most 130. Functions are measured by lint.
import { problem } from "./sources.mjs";

const linesMax = 400;
const medianMax = 130;

const linesOf = (file) => file.text.trimEnd().split("\n").length;

export function checkSizes(files) {
  const sizes = files.map(linesOf).sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const large = files.filter((file) => linesOf(file) > linesMax);
  return [
    ...large.map((file) => problem(file, 0, `has ${linesOf(file)} lines, more than ${linesMax}`)),
    ...(median > medianMax ? [`the median of all source files is ${median} lines, more than ${medianMax}`] : []),
  ];
}
