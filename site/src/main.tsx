import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles/palette.css";
import "./styles/text.css";
import "./styles/frame.css";
import "./styles/names.css";
import "./styles/tables.css";
import "./styles/forms.css";
import "./styles/overview.css";
import "./styles/charts.css";
import "./styles/answer.css";
import "./styles/libraries.css";
import "./styles/print.css";
import { App } from "./app";

// The readable overview stays until the first view is ready, so nothing jumps or flashes.
const page = document.getElementById("app")!;
const app = document.createElement("div");
app.id = "app";
let shown = false;

function showOnce(): void {
  if (shown) return;
  shown = true;
  page.replaceWith(app);
  document.documentElement.classList.remove("other-view");
  document.documentElement.dataset.ready = "yes";
}

render(<App onReady={showOnce} />, app);
