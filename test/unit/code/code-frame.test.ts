import { codeFrame } from "@millrace/code";
import { expect, it } from "vitest";
import { tempProject } from "./temp-project.js";

const frame = (text: string, line: number, column: number): string[] =>
  codeFrame({ file: tempProject().write("a.ts", text), line, column }).split("\n");

it("shows the line, the one before and a caret", () => {
  expect(frame("one\ntwo\nthree", 2, 3)).toEqual(["  1 | one", "> 2 | two", "    |   ^"]);
});

it("leaves out a line before that is empty", () => {
  expect(frame("one\n\nthree", 3, 1)).toEqual(["> 3 | three", "    | ^"]);
});

it("lines numbers up", () => {
  expect(frame("x\n".repeat(10), 10, 1)).toEqual(["   9 | x", "> 10 | x", "     | ^"]);
});

it("puts the caret below a column after tabs", () => {
  expect(frame("\t\tx", 1, 3)).toEqual(["> 1 | \t\tx", "    | \t\t^"]);
});

it("shows the part of an endless line that is meant", () => {
  const [line = "", caret = ""] = frame(`${"a".repeat(500)}X${"b".repeat(500)}`, 1, 501);
  expect(line.length).toBeLessThan(130);
  expect(line[caret.indexOf("^")]).toBe("X");
});

it("is empty where there is no such line or file", () => {
  expect(frame("one", 2, 1)).toEqual([""]);
  expect(codeFrame({ file: "/nowhere/a.ts", line: 1, column: 1 })).toBe("");
});
