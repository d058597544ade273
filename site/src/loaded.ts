import { useEffect, useState } from "preact/hooks";

export type Loaded<T> = { value?: T; error?: string };

/** Loads something for a component, again when *key* changes; an empty key waits. */
export function useLoaded<T>(key: string, start: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { key?: string }>({});
  useEffect(() => {
    if (!key) return undefined;
    let wanted = true;
    start().then(
      (value) => wanted && setLoaded({ value, key }),
      (error: Error) => wanted && setLoaded({ error: error.message, key }),
    );
    return () => {
      wanted = false;
    };
  }, [key]);
  return loaded.key === key ? loaded : {};
}
