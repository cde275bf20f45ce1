// The definition, symbol by symbol: each is linked with what it is on the stage.

import { useState } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import { letters, link } from "../state";
import { ScenePage, sentence } from "../parts/ScenePage";
import { Choice } from "../parts/Fields";
import { Operands } from "./sequences";

type Symbol = "input" | "kernel" | "product" | "output";

const MEANINGS: Readonly<Record<Symbol, string>> = {
  input: "the input at τ: the first panel",
  kernel: "the kernel, turned round and shifted so that its beginning stands at t: the second panel",
  product: "the sum over all τ of the products: the third panel",
  output: "the output at t: the last panel",
};

export function Formula(): JSX.Element {
  const [looked, setLooked] = useState<Symbol | undefined>(undefined);
  const [f, g] = letters.value;
  const symbol = (of: Symbol, words: string, children: ComponentChildren): JSX.Element => (
    <button
      type="button"
      class="symbol"
      aria-pressed={looked === of}
      aria-label={`${words}: ${MEANINGS[of]}`}
      onFocus={() => setLooked(of)}
      onClick={() => setLooked(of)}
    >
      <math>{children}</math>
    </button>
  );
  return (
    <div data-looked={looked ?? "none"}>
      <ScenePage
        text={link("formula", { flip: "g" })}
        without={["sentence"]}
        fields={
          <>
            <Choice name="n" label="letters" words={[["fg", "f, g"], ["xh", "x, h"]]} />
            <Operands />
          </>
        }
        before={(scene) => (
          <section aria-label="definition" class="definition">
            <p data-testid="formula">
              {symbol("output", `(${f}∗${g})(t)`, <Applied of={<mrow><mo>(</mo><mi>{f}</mi><mo>∗</mo><mi>{g}</mi><mo>)</mo></mrow>} to={<mi>t</mi>} />)}
              <math><mo>=</mo></math>
              {symbol("product", "∑τ", <munder><mo>∑</mo><mi>τ</mi></munder>)}
              {symbol("input", `${f}(τ)`, <Applied of={<mi>{f}</mi>} to={<mi>τ</mi>} />)}
              {symbol("kernel", `${g}(t−τ)`, <Applied of={<mi>{g}</mi>} to={<mrow><mi>t</mi><mo>−</mo><mi>τ</mi></mrow>} />)}
            </p>
            <p>
              <math>
                <mrow>
                  <mo>(</mo><mi>{f}</mi><mo>∗</mo><mi>{g}</mi><mo>)</mo><mo>(</mo><mi>t</mi><mo>)</mo><mo>=</mo>
                  <msubsup><mo>∫</mo><mrow><mo>−</mo><mi>∞</mi></mrow><mi>∞</mi></msubsup>
                  <mi>{f}</mi><mo>(</mo><mi>τ</mi><mo>)</mo><mi>{g}</mi><mo>(</mo><mi>t</mi><mo>−</mo><mi>τ</mi><mo>)</mo><mi>d</mi><mi>τ</mi>
                </mrow>
              </math>{" "}
              where time is continuous.
            </p>
            <p role="status">{looked === undefined ? "Choose a symbol: what it stands for lights up." : `${MEANINGS[looked]}.`}</p>
            <p data-testid="substituted">With numbers: {sentence(scene)}</p>
          </section>
        )}
      />
    </div>
  );
}

function Applied({ of, to }: { readonly of: ComponentChildren; readonly to: ComponentChildren }): JSX.Element {
  return (
    <mrow>
      {of}
      <mo>(</mo>
      {to}
      <mo>)</mo>
    </mrow>
  );
}
