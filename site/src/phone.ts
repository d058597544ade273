// On a narrow screen everything stands below one another: lists begin with less, and the rest is one click away.
export const PHONE = matchMedia("(max-width: 44rem)");

/** How much of a list is shown at first. */
export function atFirst(wide: number, phone: number): number {
  return PHONE.matches ? phone : wide;
}
