import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** What lies behind a chart. Built only when it is opened. */
export function Behind({ title = "Table", open: atFirst = false, children }: { title?: string; open?: boolean; children: ComponentChildren }) {
  const [open, setOpen] = useState(atFirst);
  return (
    <details class="behind" open={atFirst} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && children}
    </details>
  );
}
