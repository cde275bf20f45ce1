// What is read aloud: the sentence of the place, once for each change that has settled.

import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";

/** Milliseconds without a change. */
const SETTLED = 400;

export function Live({ text }: { readonly text: string }): JSX.Element {
  const [told, setTold] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setTold(text), SETTLED);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p class="unseen" role="status" aria-live="polite" data-testid="live">
      {told}
    </p>
  );
}
