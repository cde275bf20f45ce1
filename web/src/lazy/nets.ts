import begun from "../worker/nets?worker";
import type { Answers, Question, Reply } from "../worker/nets";

/** Asks the worker, which answers one question after the other. */
export type Ask = <K extends keyof Answers>(what: K, ...words: Parameters<Answers[K]>) => Promise<ReturnType<Answers[K]>>;

export function load(): Ask {
  const worker = begun();
  const waiting = new Map<number, { readonly done: (answer: never) => void; readonly failed: (reason: Error) => void }>();
  let last = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ("problem" in data) {
      asked?.failed(new Error(data.problem));
    } else {
      asked?.done(data.answer as never);
    }
  });
  worker.addEventListener("error", (event) => {
    waiting.forEach(({ failed }) => failed(new Error(event.message || "the thread that learns did not start")));
    waiting.clear();
  });
  return (what, ...words) => {
    const question: Question = { id: (last += 1), what, words };
    const answered = new Promise<never>((done, failed) => waiting.set(question.id, { done, failed }));
    worker.postMessage(question);
    return answered;
  };
}
