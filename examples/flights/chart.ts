// The result as a picture: bars for the airports, a curve for the hours of the day.
import type { Ranked, Ranking } from "./ranking.js";
import { type Tally, meanDelay } from "./tally.js";

const [width, height] = [1_000, 620];
const ink = { text: "#222", faint: "#777", line: "#ddd", late: "#c8553d", early: "#2a7f9e" };

export function chart(tally: Tally, ranked: Ranking, names: Readonly<Record<string, string>>): string {
  const title = `Mean delay of departing flights, ${tally.rows.toLocaleString("en")} flights of 2001`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="${ink.text}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(20, 30, title, `font-size="18"`),
    ...airportBars(ranked, names),
    ...hourCurve(tally),
    "</svg>",
    "",
  ].join("\n");
}

/** The worst on top, the best below, all from one line that stands for "on time". */
function airportBars(ranked: Ranking, names: Readonly<Record<string, string>>): readonly string[] {
  const rows = [...ranked.worst, ...ranked.best.toReversed()];
  const delays = rows.map((row) => row.meanDelay);
  const x = scale(Math.min(0, ...delays), Math.max(0, ...delays), 240, 480);
  const bar = (row: Ranked, i: number): readonly string[] => {
    const y = 88 + i * 24 + (i < ranked.worst.length ? 0 : 24);
    const [from, to] = [Math.min(x(0), x(row.meanDelay)), Math.max(x(0), x(row.meanDelay))];
    const color = row.meanDelay > 0 ? ink.late : ink.early;
    return [
      text(210, y, `${names[row.airport] ?? ""}  ${row.airport}`, `text-anchor="end"`),
      `<rect x="${from}" y="${y - 12}" width="${round(to - from)}" height="16" fill="${color}"/>`,
      text(to + 6, y, row.meanDelay.toFixed(1), `fill="${ink.faint}"`),
    ];
  };
  return [
    text(20, 62, "Airports, minutes", `fill="${ink.faint}"`),
    ...rows.flatMap(bar),
    line([x(0), 72], [x(0), 88 + rows.length * 24 + 12], ink.text),
  ];
}

function hourCurve(tally: Tally): readonly string[] {
  const [left, right, top, bottom] = [590, 970, 90, 590];
  const means = Object.entries(tally.byHour).map(([hour, sum]) => [Number(hour), meanDelay(sum)] as const);
  const most = Math.max(...means.map(([, mean]) => mean));
  const [x, y] = [scale(0, 23, left, right), scale(Math.min(0, ...means.map(([, mean]) => mean)), most, bottom, top)];
  const step = most > 40 ? 20 : 5;
  const minutes = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  const points = means.map(([hour, mean]) => `${x(hour)},${y(mean)}`).join(" ");
  return [
    text(left - 30, 62, "Hour of departure, minutes", `fill="${ink.faint}"`),
    ...minutes.flatMap((minute) => [
      line([left, y(minute)], [right, y(minute)], ink.line),
      text(left - 8, y(minute) + 4, String(minute), `text-anchor="end" fill="${ink.faint}"`),
    ]),
    ...[0, 6, 12, 18, 23].map((hour) =>
      text(x(hour), bottom + 20, `${hour}:00`, `text-anchor="middle" fill="${ink.faint}"`),
    ),
    `<polyline points="${points}" fill="none" stroke="${ink.late}" stroke-width="2"/>`,
    ...means.map(([hour, mean]) => `<circle cx="${x(hour)}" cy="${y(mean)}" r="3" fill="${ink.late}"/>`),
  ];
}

/** From the range of the data to that of the picture. */
function scale(low: number, high: number, from: number, to: number): (value: number) => number {
  const span = high - low || 1;
  return (value) => round(from + ((value - low) / span) * (to - from));
}

const round = (value: number): number => Math.round(value * 10) / 10;

type Point = readonly [x: number, y: number];

const line = ([x1, y1]: Point, [x2, y2]: Point, color: string): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color}"/>`;

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}
