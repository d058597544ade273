// Runs before the first paint: the chosen theme, and whether the readable overview is wanted.
const root = document.documentElement;
try {
  const theme = localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme is used then.
}
if (/^#\/[^?]/.test(location.hash)) root.classList.add("other-view");
