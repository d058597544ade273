import { expect, test } from "vitest";
import { findCommit, unpackCommits } from "./commits";

const packed = { digits: 8, sha: "0123456701234568abcdef1 ", minutes: [29_000_000, -5, 7], tags: { 1: ["v1"] } };

test("commits are unpacked, a short hash and an earlier date among them", () => {
  expect(unpackCommits(packed)).toEqual({
    sha: ["01234567", "01234568", "abcdef1"],
    date_s: [29_000_000, 28_999_995, 29_000_002].map((minute) => minute * 60),
    tags: packed.tags,
  });
});

test("a commit is found by what is known of its hash, more or less of it than the axis has", () => {
  const commits = unpackCommits(packed);
  for (const name of ["01234568", "01234568ffff", `01234568${"f".repeat(32)}`, "v1"]) expect(findCommit(commits, name)).toBe(1);
  expect(findCommit(commits, "abcd")).toBe(2);
  for (const name of ["0123456", "0123456f", "", "v2", "abc"]) expect(findCommit(commits, name)).toBe(-1);
});
