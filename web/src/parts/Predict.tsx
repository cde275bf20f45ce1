// Predicting: the output is hidden, and the reader says what it will be. Nothing is counted and nothing is kept.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";

/** Whether outputs are hidden. */
export const predicting = signal(false);

/** Asks for the value of a place, and tells whether it was right. */
export function Predict({ place, value }: { readonly place: string; readonly value: string }): JSX.Element {
  const [guess, setGuess] = useState("");
  const [told, setTold] = useState("");
  useEffect(() => {
    setGuess("");
    setTold("");
  }, [place]);
  const check = (): void => {
    const [said, right] = [Number(guess.replace(",", ".")), Number(value)];
    const near = Math.abs(said - right) <= 1e-3 * Math.max(1, Math.abs(right));
    setTold(guess.trim() === "" ? "Write a number first." : `${near ? "Yes" : "No"}: it is ${value}.`);
  };
  return (
    <form class="fields" onSubmit={(event) => { event.preventDefault(); check(); }}>
      <div class="field">
        <label for="guess">the output at {place}</label>
        <input id="guess" data-testid="guess" type="text" inputMode="decimal" autocomplete="off" value={guess} onInput={(event) => setGuess(event.currentTarget.value)} />
      </div>
      <button type="submit">Check</button>
      <p role="status" data-testid="checked">{told}</p>
    </form>
  );
}
