/** What a metric is, and which way it should go. */
export function About({ metric }: { metric: { description: string; better: string } }) {
  return <p><bdi>{metric.description}</bdi> <b>{metric.better === "lower" ? "Lower" : "Higher"} is better.</b></p>;
}
