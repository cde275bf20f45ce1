// The scene of a state, if one is asked for, and the last good one where there is none.

import { useRef } from "preact/hooks";
import { message, show } from "../engine";
import type { Scene } from "../scene";
import { width } from "./width";

export interface Shown {
  readonly scene: Scene | undefined;
  /** Why there is no scene for what was asked. */
  readonly problem: string | undefined;
}

export function useScene(text: string | undefined): Shown {
  const good = useRef<Scene | undefined>(undefined);
  if (text === undefined) {
    return { scene: undefined, problem: undefined };
  }
  try {
    good.current = show(text, width.value);
    return { scene: good.current, problem: good.current.problem ?? undefined };
  } catch (thrown) {
    return { scene: good.current, problem: message(thrown) };
  }
}
