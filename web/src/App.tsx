// The page: its heading, the way to all views, and the view that the state names.

import { useEffect, useMemo } from "preact/hooks";
import type { ComponentType, JSX } from "preact";
import { hidden, placeless, problems, set, state, way } from "./state";
import { Problems } from "./parts/ScenePage";
import { Cnn } from "./pages/cnn";
import { Home } from "./pages/home";
import { Formula } from "./pages/formula";
import { Film } from "./pages/film";
import { Image } from "./pages/image";
import { Net } from "./pages/net";
import { Conventions, Flip, Likes, Padding, Sizes, Table } from "./pages/sequences";
import { Sound } from "./pages/sound";
import { Train } from "./pages/train";
import { Continuous, Lab, Slide, Stage, Swap } from "./pages/stage";

/** Pages in the order of the story, with what they are called. */
const PAGES: readonly (readonly [string, string, ComponentType])[] = [
  ["", "The story", Home],
  ["ffnn", "Why not connect everything", Net],
  ["slide", "Flip, shift, sum", Slide],
  ["formula", "The formula", Formula],
  ["swap", "Both roles", Swap],
  ["flip", "Why flip", Flip],
  ["likes", "Posts and likes", Likes],
  ["continuous", "Continuous time", Continuous],
  ["table", "The table", Table],
  ["film", "Film and files", Film],
  ["padding", "Padding", Padding],
  ["sizes", "Sizes", Sizes],
  ["image", "Pictures", Image],
  ["sound", "Sounds", Sound],
  ["cnn", "Inside a net", Cnn],
  ["train", "Nets that learn", Train],
  ["conventions", "Other libraries", Conventions],
  ["lab", "The lab", Lab],
];

/** Pages without a place in the story: the command's views under their own names. */
const OTHERS: Readonly<Record<string, ComponentType>> = { stage: Stage, terms: Stage, window: Image };

/** Pages whose matter is no scene. */
const PAGE_ALONE: readonly string[] = ["image", "sound", "ffnn", "cnn", "train"];

export function App(): JSX.Element {
  const { page, values } = state.value;
  const found = PAGES.find(([name]) => name === page);
  const View = found?.[2] ?? OTHERS[page] ?? Home;
  const title = found?.[1] ?? page;
  const embedded = values["embed"] === "1";
  useEffect(() => {
    document.title = `${title} · faltung`;
    // Narrow windows show a part of the way at a time.
    const here = document.querySelector<HTMLElement>("nav [aria-current]");
    const way = here?.closest("ul");
    if (here !== null && way !== null && way !== undefined) {
      way.scrollLeft = here.offsetLeft + here.offsetWidth / 2 - way.clientWidth / 2;
    }
  }, [title]);
  return (
    <>
      {!embedded && <Header page={page} />}
      <main id="main" tabIndex={-1} data-page={page}>
        <h1>{title}</h1>
        <div data-testid="problems">
          <Problems all={problems.value} />
        </div>
        <View key={page} />
      </main>
      {!embedded && !hidden("footer") && <Footer />}
    </>
  );
}

function Header({ page }: { readonly page: string }): JSX.Element {
  // Made anew where more than the place has changed: a link takes the place along when it is pressed.
  const data = placeless(state.value.text);
  const ways = useMemo(() => PAGES.map(([name]) => way(name)), [data]);
  const go = (event: MouseEvent, name: string): void => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      location.hash = way(name);
    }
  };
  return (
    <header>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        Skip to the content
      </a>
      <nav aria-label="views">
        <ul>
          {PAGES.map(([name, title], at) => (
            <li key={name}>
              <a href={ways[at]} onClick={(event) => go(event, name)} aria-current={name === page ? "page" : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function Footer(): JSX.Element {
  const { values } = state.value;
  return (
    <footer>
      <div class="field">
        <label for="letters">letters</label>
        <select id="letters" data-testid="letters" value={values["n"]} onChange={(event) => set("n", event.currentTarget.value)}>
          <option value="fg">f, g</option>
          <option value="xh">x, h</option>
        </select>
      </div>
      <div class="field">
        <label for="theme">theme</label>
        <select id="theme" data-testid="theme" value={values["theme"]} onChange={(event) => set("theme", event.currentTarget.value)}>
          <option value="auto">as the system has it</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </div>
      <p>
        {PAGE_ALONE.includes(state.value.page) ? "This page again: " : "The same in a terminal: "}
        <code data-testid="command">
          faltung {PAGE_ALONE.includes(state.value.page) ? "serve" : "explain"} --state '{state.value.text}'
        </code>
      </p>
    </footer>
  );
}
