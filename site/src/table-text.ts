/** A table in GitHub's Markdown; nothing in a cell can end the cell or become markup. */
export function toMarkdown(titles: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(escape).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

function escape(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~@!&$]/g, (character) => `\\${character}`);
}

const SIGNED = String.raw`[+-]?[\d.,]+(e[+-]\d+)?( [\w%/]+)?`;
const NUMBERS = new RegExp(`^${SIGNED}( to ${SIGNED})?$`);

/** RFC 4180, with a guard: a spreadsheet must not take text from a benchmark for a formula. */
export function toCsv(titles: string[], rows: string[][]): string {
  const field = (text: string) => {
    const safe = /^[=@\t\r+-]/.test(text) && !NUMBERS.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [titles, ...rows].map((row) => row.map(field).join(",")).join("\r\n");
}
