/**
 * A language model of half a megabyte that knows nothing, so that a real model server has something
 * real to load: a llama with two layers whose weights are pseudo-random and the same on every machine.
 *
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */

const EMBEDDING = 64;
const LAYERS = 2;
const HEADS = 4;
const FEED_FORWARD = 128;
const CONTEXT = 512;
const ALIGNMENT = 32;

const VALUE_TYPE = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const;
const TENSOR_TYPE_FLOAT32 = 0;

// llama.cpp's token types.
const TOKEN_TYPE = { unknown: 2, control: 3, byte: 6 } as const;
const SPECIAL_TOKENS = ["<unk>", "<s>", "</s>"];
const VOCABULARY = SPECIAL_TOKENS.length + 256;

interface Tensor {
  readonly name: string;
  /** Innermost dimension first, as GGUF has it. */
  readonly dimensions: readonly number[];
  readonly values: Float32Array;
}

/** The bytes of the model's GGUF file; the same every time. */
export function tinyModel(): Buffer {
  const metadata = modelMetadata();
  const tensors = modelTensors();

  let offset = 0;
  const data = tensors.map(({ values }) => padded(floats(values)));
  const descriptions = tensors.map(({ name, dimensions }, i) => {
    const start = offset;
    offset += data[i]?.length ?? 0;
    const sizes = [uint32(dimensions.length), ...dimensions.map(uint64)];
    return Buffer.concat([text(name), ...sizes, uint32(TENSOR_TYPE_FLOAT32), uint64(start)]);
  });

  const header = Buffer.concat([
    Buffer.from("GGUF"),
    uint32(3),
    uint64(tensors.length),
    uint64(metadata.length),
    ...metadata,
    ...descriptions,
  ]);
  return Buffer.concat([padded(header), ...data]);
}

function modelMetadata(): Buffer[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const tokens = [
    ...SPECIAL_TOKENS,
    ...bytes.map((byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  ];
  const types = [
    TOKEN_TYPE.unknown,
    TOKEN_TYPE.control,
    TOKEN_TYPE.control,
    ...bytes.map(() => TOKEN_TYPE.byte),
  ];
  const entry = (key: string, type: number, value: Buffer) => Buffer.concat([text(key), uint32(type), value]);
  const number = (key: string, value: number) => entry(key, VALUE_TYPE.uint32, uint32(value));
  const string = (key: string, value: string) => entry(key, VALUE_TYPE.string, text(value));
  const float = (key: string, value: number) =>
    entry(key, VALUE_TYPE.float32, floats(Float32Array.of(value)));
  const array = (key: string, type: number, items: Buffer[]) =>
    entry(key, VALUE_TYPE.array, Buffer.concat([uint32(type), uint64(items.length), ...items]));

  return [
    string("general.architecture", "llama"),
    string("general.name", "tiny"),
    number("general.file_type", 0),
    number("llama.context_length", CONTEXT),
    number("llama.embedding_length", EMBEDDING),
    number("llama.block_count", LAYERS),
    number("llama.feed_forward_length", FEED_FORWARD),
    number("llama.rope.dimension_count", EMBEDDING / HEADS),
    number("llama.attention.head_count", HEADS),
    number("llama.attention.head_count_kv", HEADS),
    float("llama.attention.layer_norm_rms_epsilon", 1e-5),
    number("llama.vocab_size", VOCABULARY),
    string("tokenizer.ggml.model", "llama"),
    array("tokenizer.ggml.tokens", VALUE_TYPE.string, tokens.map(text)),
    array(
      "tokenizer.ggml.scores",
      VALUE_TYPE.float32,
      tokens.map(() => floats(Float32Array.of(0))),
    ),
    array("tokenizer.ggml.token_type", VALUE_TYPE.int32, types.map(uint32)),
    number("tokenizer.ggml.unknown_token_id", 0),
    number("tokenizer.ggml.bos_token_id", 1),
    number("tokenizer.ggml.eos_token_id", 2),
  ];
}

function modelTensors(): Tensor[] {
  const random = pseudoRandom(20240);
  const ones = (name: string): Tensor => ({
    name: `${name}.weight`,
    dimensions: [EMBEDDING],
    values: new Float32Array(EMBEDDING).fill(1),
  });
  const matrix = (name: string, columns: number, rows: number): Tensor => {
    const spread = Math.sqrt(3 / columns);
    const values = Float32Array.from({ length: columns * rows }, () => (2 * random() - 1) * spread);
    return { name: `${name}.weight`, dimensions: [columns, rows], values };
  };
  const layers = Array.from({ length: LAYERS }, (_, layer) => [
    ones(`blk.${layer}.attn_norm`),
    ...["q", "k", "v", "output"].map((part) => matrix(`blk.${layer}.attn_${part}`, EMBEDDING, EMBEDDING)),
    ones(`blk.${layer}.ffn_norm`),
    matrix(`blk.${layer}.ffn_gate`, EMBEDDING, FEED_FORWARD),
    matrix(`blk.${layer}.ffn_up`, EMBEDDING, FEED_FORWARD),
    matrix(`blk.${layer}.ffn_down`, FEED_FORWARD, EMBEDDING),
  ]);
  return [
    matrix("token_embd", EMBEDDING, VOCABULARY),
    ...layers.flat(),
    ones("output_norm"),
    { name: "output.weight", dimensions: [EMBEDDING, VOCABULARY], values: outputWeights(random) },
  ];
}

// Only small letters and the space get weights, and large ones: all other tokens, the end of the text
// among them, stay at zero and are practically never drawn. So an answer is never empty and never
// broken UTF-8, whatever is asked; how long it gets is the caller's num_predict.
function outputWeights(random: () => number): Float32Array {
  const values = new Float32Array(EMBEDDING * VOCABULARY);
  for (const character of "abcdefghijklmnopqrstuvwxyz ") {
    const row = (SPECIAL_TOKENS.length + character.charCodeAt(0)) * EMBEDDING;
    for (let column = 0; column < EMBEDDING; column++) values[row + column] = (2 * random() - 1) * 3;
  }
  return values;
}

// Mulberry32: integers only, so that every machine computes the same weights to the last bit.
function pseudoRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function floats(values: Float32Array): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeFloatLE(value, index * 4));
  return buffer;
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % ALIGNMENT;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(ALIGNMENT - rest)]);
}
