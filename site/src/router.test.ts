import { expect, test } from "vitest";
import { link, parse } from "./router";

test("a link reads back as it was made", () => {
  const route = parse(link("series", "a/b?c#d", { at: "0123", with: "x,y", empty: "" }));
  expect(route.view).toBe("series");
  expect(route.argument).toBe("a/b?c#d");
  expect(Object.fromEntries(route.query)).toEqual({ at: "0123", with: "x,y" });
});

test("no hash at all is the overview", () => {
  for (const hash of ["", "#", "#/"]) expect(parse(hash).view).toBe("");
});

test("a damaged address is shown, not thrown", () => {
  expect(parse("#/commit/%E0%A4%A").argument).toBe("%E0%A4%A");
});
