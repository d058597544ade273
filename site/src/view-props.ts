// What every view is given.
import type { Site } from "./data";
import type { Route } from "./router";

export interface ViewProps {
  site: Site;
  route: Route;
}
