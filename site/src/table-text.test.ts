import { expect, test } from "vitest";
import { toCsv, toMarkdown } from "./table-text";

test("nothing in a cell of Markdown becomes markup or ends the cell", () => {
  const text = toMarkdown(["a"], [["x|y\n<b>`@who`"]]);
  expect(text).toBe("| a |\n| --- |\n| x\\|y \\<b\\>\\`\\@who\\` |");
});

test("CSV quotes what needs it, and doubles quotes", () => {
  expect(toCsv(["a", "b"], [['say "hi"', "1,2"]])).toBe('a,b\r\n"say ""hi""","1,2"');
});

test("a formula stays text in a spreadsheet, a number stays a number", () => {
  expect(toCsv(["a"], [["=1+1"], ["-2.5 %"], ["@x"], ["-cmd"]]).split("\r\n")).toEqual(["a", "'=1+1", "-2.5 %", "'@x", "'-cmd"]);
});
