import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** What lies behind a chart. Built only when it is opened. */
export function Behind({ title = "Table", children }: { title?: string; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="behind" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && children}
    </details>
  );
}
