import { expect, test } from "vitest";
import { toCsv, toMarkdown } from "./table-text";

test("nothing in a cell of Markdown becomes markup or ends the cell", () => {
  const text = toMarkdown(["a"], [["x|y\n<b>`@who` $1 &lt;"]]);
  expect(text).toBe("| a |\n| --- |\n| x\\|y \\<b\\>\\`\\@who\\` \\$1 \\&lt; |");
});

test("CSV quotes what needs it, and doubles quotes", () => {
  expect(toCsv(["a", "b"], [['say "hi"', "1,2"]])).toBe('a,b\r\n"say ""hi""","1,2"');
});

test.each(["=1+1", "@x", "-cmd", "+1+1", "-1+cmd|' /C calc'!A0", "\tx"])("the formula %j stays text in a spreadsheet", (text) => {
  expect(toCsv(["a"], [[text]]).split("\r\n")[1]).toBe(`'${text}`);
});

test.each(["-2.5 %", "+1.0 % to +3.2 %", "-5.00 ms", "-3 tasks/s", "-1.5e-7"])("the number %j stays as it is", (text) => {
  expect(toCsv(["a"], [[text]]).split("\r\n")[1]).toBe(text);
});
