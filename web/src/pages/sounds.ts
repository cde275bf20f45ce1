// Sounds: a clap and the answer of a room, made here, and those that a reader brings.

/** Samples in a second. */
export const RATE = 22050;

/** Numbers from -1 to 1, the same each time: mulberry32. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2147483648 - 1;
  };
}

let made: { readonly clap: Float32Array; readonly room: Float32Array } | undefined;

function both(): NonNullable<typeof made> {
  made ??= { clap: decaying(0.06, 0.008, 7), room: answer() };
  return made;
}

/** Noise that dies away, in seconds. */
function decaying(length: number, time: number, seed: number): Float32Array {
  const next = noise(seed);
  return Float32Array.from({ length: Math.round(length * RATE) }, (_, at) => next() * Math.exp(-at / (time * RATE)));
}

/** The direct sound, a few early echoes, and a tail of 1.2 seconds. */
function answer(): Float32Array {
  const tail = decaying(1.2, 0.22, 11).map((sample) => 0.12 * sample);
  for (const [seconds, strength] of [[0, 1], [0.013, 0.5], [0.021, 0.4], [0.034, 0.35], [0.055, 0.25]] as const) {
    const at = Math.round(seconds * RATE);
    tail[at] = (tail[at] ?? 0) + strength;
  }
  return tail;
}

export function clap(): Float32Array {
  return both().clap;
}

export function room(): Float32Array {
  return both().room;
}

/** A sound from a file, mono at our rate, of ten seconds at most. It never leaves the page. */
export async function fromFile(file: Blob): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, 1, RATE);
  const decoded = await context.decodeAudioData(await file.arrayBuffer());
  const samples = new Float32Array(Math.min(decoded.length, 10 * RATE));
  for (let channel = 0; channel < decoded.numberOfChannels; channel += 1) {
    const one = decoded.getChannelData(channel);
    samples.forEach((sample, at) => {
      samples[at] = sample + (one[at] ?? 0) / decoded.numberOfChannels;
    });
  }
  return samples;
}

/** Draws the least and the largest sample of each column, and a line where the sound itself begins. */
export function waveform(canvas: HTMLCanvasElement, samples: Float32Array, lead: number): void {
  const context = canvas.getContext("2d");
  if (context === null) {
    return;
  }
  const { width, height } = canvas;
  const style = getComputedStyle(canvas);
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) || 1;
  const y = (sample: number): number => (height / 2) * (1 - (0.95 * sample) / loudest);
  context.clearRect(0, 0, width, height);
  context.fillStyle = style.getPropertyValue("--input");
  const each = samples.length / width;
  for (let column = 0; column < width; column += 1) {
    const part = samples.subarray(Math.floor(column * each), Math.max(Math.floor((column + 1) * each), Math.floor(column * each) + 1));
    const [least, most] = [part.reduce((a, b) => Math.min(a, b), 0), part.reduce((a, b) => Math.max(a, b), 0)];
    context.fillRect(column, y(most), 1, Math.max(1, y(least) - y(most)));
  }
  context.fillStyle = style.getPropertyValue("--kernel");
  context.fillRect(Math.min(width - 2, (lead / Math.max(1, samples.length)) * width), 0, 2, height);
}
