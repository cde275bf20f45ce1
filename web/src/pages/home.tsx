// The whole story in one line: the same number in four forms, each with its way into the page about it.

import type { ComponentChildren, JSX } from "preact";
import { link, state } from "../state";
import { Parts } from "../parts/Parts";
import type { Part } from "../scene";
import { useScene } from "../parts/useScene";

export function Home(): JSX.Element {
  const t = state.value.values["t"] || "4";
  // The article's, whose limit is written as a formula.
  const article = state.value.values["x"] === "3,0,5,0,2,1" && state.value.values["h"] === "5,4,3,2,1";
  return (
    <>
      <p class="lead">
        Posts get likes for some hours after they are made. How many likes arrive in an hour? Every post counts, each by its age: one
        list is turned round, shifted, multiplied with the other, and summed. That is convolution.
      </p>
      <Form page="likes" heading="As a story" t={t} only="sentence">
        Hour by hour, post by post
      </Form>
      <Form page="table" heading="As a table" t={t} only="table">
        Copies of one list, scaled and delayed
      </Form>
      <Form page="slide" heading="As a picture" t={t} only="figure">
        Flip, shift, multiply and sum
      </Form>
      {article && <Form page="continuous" heading="As a limit" t={t} only="sentence" values={{ f: "bursts:width=0,areas=3x0x5x0x2x1" }}>
        Bursts that become impulses
      </Form>}
      <section class="card">
        <h2>On pictures</h2>
        <p>
          The same sum over rows and columns finds edges in <a href={link("image")}>a picture</a>; its weights, learned, are the layers of
          <a href={link("cnn", { t: "" })}>a convolutional net</a>. Why not connect <a href={link("ffnn")}>every pixel with every unit</a> instead?
        </p>
      </section>
    </>
  );
}

interface FormProps {
  readonly page: string;
  readonly heading: string;
  readonly t: string;
  /** The kind of parts that is shown. */
  readonly only: Part["kind"];
  readonly values?: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

function Form({ page, heading, t, only, values = {}, children }: FormProps): JSX.Element {
  const to = link(page, { ...values, t });
  const { scene } = useScene(to);
  const first = scene?.parts.find((part) => part.kind === only);
  return (
    <section class="card" data-testid={`form-${page}`}>
      <h2>{heading}</h2>
      {scene !== undefined && first !== undefined && (
        <>
          <p class="title">{scene.title}</p>
          <Parts scene={{ ...scene, parts: [first] }} />
        </>
      )}
      <p>
        <a href={to}>{children}</a>
      </p>
    </section>
  );
}
