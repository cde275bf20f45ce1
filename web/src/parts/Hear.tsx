// Outputs as tones, one after the other: the larger the higher.

import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { state } from "../state";
import { useOutputs } from "./Computed";

/** Seconds of a tone; the lowest and the highest pitch in hertz. */
const TONE = 0.22;
const [LOW, HIGH] = [220, 880];

export function Hear(): JSX.Element {
  const outputs = useOutputs(state.value.text).map(Number);
  const context = useRef<AudioContext | undefined>(undefined);
  useEffect(() => () => void context.current?.close(), []);
  const play = async (): Promise<void> => {
    await context.current?.close();
    const audio = new AudioContext();
    context.current = audio;
    const [least, most] = [Math.min(0, ...outputs), Math.max(1e-9, ...outputs)];
    const tone = new OscillatorNode(audio);
    const loudness = new GainNode(audio, { gain: 0.2 });
    tone.connect(loudness).connect(audio.destination);
    outputs.forEach((output, at) => {
      tone.frequency.setValueAtTime(LOW * (HIGH / LOW) ** ((output - least) / (most - least)), audio.currentTime + at * TONE);
    });
    tone.start();
    tone.stop(audio.currentTime + outputs.length * TONE);
  };
  return (
    <p>
      <button type="button" data-testid="hear" disabled={outputs.length === 0} onClick={() => void play()}>
        Hear the outputs
      </button>
    </p>
  );
}
