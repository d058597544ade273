/** Whether the page is being printed. */
export const PAPER = matchMedia("print");

/** Pixels between the margins of A4 (print.css): enough for the layout of a tablet. */
export const PAPER_WIDTH = 710;
