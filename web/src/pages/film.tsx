// What is explained, as a file, by a module that is loaded when one is asked for.

import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { films, message } from "../engine";
import { state } from "../state";
import { Choice } from "../parts/Fields";
import { ScenePage } from "../parts/ScenePage";
import { Operands } from "./sequences";

/** Formats and their media types. */
const FORMATS = [
  ["gif", "moving picture (GIF)", "image/gif"],
  ["apng", "moving picture (APNG)", "image/apng"],
  ["png", "picture (PNG)", "image/png"],
  ["svg", "picture (SVG)", "image/svg+xml"],
  ["html", "page without scripts (HTML)", "text/html"],
  ["json", "everything, for programs (JSON)", "application/json"],
  ["md", "text (Markdown)", "text/markdown"],
  ["csv", "table (CSV)", "text/csv"],
  ["tex", "text (LaTeX)", "text/x-tex"],
  ["txt", "plain text", "text/plain"],
] as const;

const PIXELS: readonly string[] = ["gif", "apng", "png"];

interface File {
  readonly address: string;
  readonly name: string;
  readonly type: string;
}

export function Film(): JSX.Element {
  const [format, setFormat] = useState("gif");
  const [seconds, setSeconds] = useState(0.8);
  const [scale, setScale] = useState(1);
  const [file, setFile] = useState<File | undefined>(undefined);
  const [told, setTold] = useState("");
  const make = async (): Promise<void> => {
    const [, , type] = FORMATS.find(([name]) => name === format) ?? FORMATS[0];
    setTold("Painting …");
    try {
      const { text } = state.value;
      const { film, write } = await films();
      const content = PIXELS.includes(format) ? new Uint8Array(film(text, format, scale, seconds)) : write(text, format);
      if (file !== undefined) {
        URL.revokeObjectURL(file.address);
      }
      const blob = new Blob([content], { type });
      setFile({ address: URL.createObjectURL(blob), name: `faltung.${format}`, type });
      setTold(`${blob.size.toLocaleString("en")} bytes`);
    } catch (thrown) {
      setTold(message(thrown));
    }
  };
  return (
    <>
      <form class="fields" onSubmit={(event) => { event.preventDefault(); void make(); }}>
        <div class="field">
          <label for="format">file</label>
          <select id="format" data-testid="format" value={format} onChange={(event) => setFormat(event.currentTarget.value)}>
            {FORMATS.map(([name, meaning]) => <option key={name} value={name}>{meaning}</option>)}
          </select>
        </div>
        <div class="field">
          <label for="seconds">seconds for each place</label>
          <input id="seconds" type="number" min={0.1} max={10} step={0.1} value={seconds} onChange={(event) => setSeconds(event.currentTarget.valueAsNumber)} />
        </div>
        <div class="field">
          <label for="scale">pixels for one</label>
          <select id="scale" value={String(scale)} onChange={(event) => setScale(Number(event.currentTarget.value))}>
            {["1", "1.5", "2", "3"].map((times) => <option key={times} value={times}>{times}</option>)}
          </select>
        </div>
        <Choice name="theme" label="colours" words={[["auto", "light, or the reader's"], ["light", "light"], ["dark", "dark"]]} />
        <button type="submit" data-testid="make">Make the file</button>
      </form>
      <p role="status" data-testid="made">{told}</p>
      {file !== undefined && (
        <p>
          <a href={file.address} download={file.name} data-testid="download">Save {file.name}</a>
        </p>
      )}
      {file?.type.startsWith("image/") === true && <img class="preview" src={file.address} alt="The file that was made: see the stage below for what it shows." />}
      <ScenePage fields={<Operands />} without={["table"]} />
    </>
  );
}
