import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { App } from "./app";

// The readable overview stays until the first view is ready, so nothing jumps or flashes.
const page = document.getElementById("app")!;
const app = document.createElement("div");
app.id = "app";
let shown = false;

render(
  <App
    onReady={() => {
      if (shown) return;
      shown = true;
      page.replaceWith(app);
      document.documentElement.classList.remove("other-view");
      document.documentElement.dataset.ready = "yes";
    }}
  />,
  app,
);
