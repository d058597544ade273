import { useState } from "preact/hooks";
import { isDark } from "../colors";

export function ThemeButton() {
  const [dark, setDark] = useState(isDark);
  const toggle = () => {
    const theme = dark ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Storage may be forbidden; the choice then holds for this page only.
    }
    setDark(!dark);
    dispatchEvent(new Event("theme"));
  };
  return <button type="button" class="theme" onClick={toggle}>{dark ? "Light" : "Dark"}<span class="hidden"> theme</span></button>;
}
