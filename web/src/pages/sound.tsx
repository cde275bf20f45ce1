// A clap in a room: what is heard with the flip, and what without.

import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { engine, message } from "../engine";
import { state } from "../state";
import { Choice, FlipChoice, TextField } from "../parts/Fields";
import { Controls } from "../parts/ScenePage";
import { waveform, clap, room, fromFile, RATE } from "./sounds";

export function Sound(): JSX.Element {
  const { values } = state.value;
  const [own, setOwn] = useState<Float32Array | undefined>(undefined);
  const [result, setResult] = useState<Float32Array>(new Float32Array());
  const [problem, setProblem] = useState("");
  useEffect(() => setOwn(undefined), [values["sound"]]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const player = usePlayer();
  const numbers = values["sound"] === "numbers";
  const flip = values["flip"] ?? "g";
  const key = `${values["sound"]} ${numbers ? `${values["x"]} ${values["h"]}` : ""} ${flip}`;
  useEffect(() => {
    const dry = numbers ? listed(values["x"]) : (own ?? clap());
    const response = numbers ? listed(values["h"]) : room();
    let wanted = true;
    engine()
      .then(({ sound }) => sound(dry, response, flip))
      .then(
        (heard) => wanted && (setResult(heard), setProblem("")),
        (thrown: unknown) => wanted && setProblem(message(thrown)),
      );
    return () => {
      wanted = false;
    };
  }, [key, own]);
  // Where the sound itself stands: the response's first sample meets it at once, or last where the response is not turned round.
  const lead = flip === "none" ? (numbers ? listed(values["h"]).length : room().length) - 1 : 0;
  useEffect(() => {
    if (canvas.current !== null) {
      waveform(canvas.current, result, lead);
    }
  }, [result, lead, values["theme"]]);
  const [before, after] = energies(result, lead);
  return (
    <>
      <Controls>
        <Choice name="sound" label="sound" words={[["clap", "a clap in a room"], ["numbers", "numbers"]]} />
        <FlipChoice />
        {numbers ? (
          <>
            <TextField name="x" label="samples of the sound" />
            <TextField name="h" label="samples of the response" />
          </>
        ) : (
          <>
            <div class="field">
              <label for="own">own sound</label>
              <input
                id="own"
                type="file"
                accept="audio/*"
                onChange={(event) => void take(event.currentTarget.files?.[0], setOwn, setProblem)}
              />
            </div>
            <Microphone take={setOwn} tell={setProblem} />
          </>
        )}
      </Controls>
      <p role="alert">{problem}</p>
      <canvas ref={canvas} class="wave" width={760} height={180} role="img" aria-label="The samples of the result, and a line where the sound itself begins" />
      <p class="sentence" data-testid="energies">
        {percent(before)} of the energy lies before the sound, {percent(after)} from it on.
      </p>
      {numbers && <p data-testid="samples">{Array.from(result.slice(0, 64), (sample) => Number(sample.toPrecision(7))).join(", ")}</p>}
      <p>
        <button type="button" onClick={() => void player.play(result)}>Play with the room</button>{" "}
        <button type="button" onClick={() => void player.play(numbers ? listed(values["x"]) : (own ?? clap()))}>Play without it</button>{" "}
        <button type="button" onClick={player.stop}>Stop</button>
      </p>
      <p class="note">
        With the flip each sample of the sound starts the room's whole answer, and the echoes come after it. Without, the answer runs
        backwards: the echo swells before the clap that it belongs to. No room does that; a correlation does.
      </p>
    </>
  );
}

function listed(text: string | undefined): Float32Array {
  return Float32Array.from((text ?? "").split(/[,;]/).map(Number));
}

/** The shares of energy before a sample and from it on. */
function energies(samples: Float32Array, lead: number): readonly [number, number] {
  const energy = (part: Float32Array): number => part.reduce((sum, sample) => sum + sample * sample, 0);
  const all = energy(samples);
  return all === 0 ? [0, 0] : [energy(samples.subarray(0, lead)) / all, energy(samples.subarray(lead)) / all];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

interface Player {
  readonly play: (samples: Float32Array) => Promise<void>;
  readonly stop: () => void;
}

/** Plays sounds, made no louder than full scale. Nothing that sounds exists before the first press. */
function usePlayer(): Player {
  const context = useRef<AudioContext | undefined>(undefined);
  const source = useRef<AudioBufferSourceNode | undefined>(undefined);
  const stop = (): void => {
    source.current?.stop();
    source.current = undefined;
  };
  const play = async (samples: Float32Array): Promise<void> => {
    stop();
    if (samples.length === 0) {
      return;
    }
    context.current ??= new AudioContext();
    await context.current.resume();
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const buffer = context.current.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples.map((sample) => (loudest > 0 ? (0.8 * sample) / loudest : 0)), 0);
    source.current = new AudioBufferSourceNode(context.current, { buffer });
    source.current.connect(context.current.destination);
    source.current.start();
  };
  useEffect(
    () => () => {
      stop();
      void context.current?.close();
    },
    [],
  );
  return { play, stop };
}

async function take(file: File | undefined, put: (samples: Float32Array) => void, tell: (text: string) => void): Promise<void> {
  if (file === undefined) {
    return;
  }
  try {
    put(await fromFile(file));
    tell("");
  } catch (thrown) {
    tell(`${file.name}: this is no sound that a browser reads (${message(thrown)})`);
  }
}

/** A sound from the microphone, asked for by a press, of two seconds. */
function Microphone({ take: put, tell }: { readonly take: (samples: Float32Array) => void; readonly tell: (text: string) => void }): JSX.Element {
  const [recording, setRecording] = useState(false);
  const record = async (): Promise<void> => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(stream);
      const pieces: Blob[] = [];
      recorder.ondataavailable = (event) => pieces.push(event.data);
      recorder.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        setRecording(false);
        void take(new File(pieces, "the recording", { type: recorder.mimeType }), put, tell);
      };
      recorder.start();
      setRecording(true);
      setTimeout(() => recorder.stop(), 2000);
    } catch (thrown) {
      tell(`The microphone gives no sound: ${message(thrown)}`);
    }
  };
  return (
    <div class="field">
      <span>microphone</span>
      <button type="button" disabled={recording} onClick={() => void record()}>
        {recording ? "Recording …" : "Record two seconds"}
      </button>
    </div>
  );
}
