import { PassThrough } from "node:stream";
import { oneLine } from "../../../../operations/cluster/one-line";
import { write } from "../../../../operations/terminal/print";
import { Masker } from "../../../../operations/secrets/masking";
import { liveOutput } from "../../../../operations/terminal/live-output";
import { printable } from "../../../../operations/terminal/printable";

test.each([
  ["colours", "\u001b[31mred\u001b[0m", "red"],
  ["a cleared screen and a line that is written over", "a\u001b[2J\u001b[1Ab\rc", "ab\nc"],
  ["a terminal's title, a link and a bell", "\u001b]0;owned\u0007t\u001b]8;;http://evil\u0007x\u0007", "tx"],
  ["one character that begins a sequence", "a\u009b31mb", "ab"],
  ["a turned direction of writing", "exe\u202egnp\u2066.x", "exegnp.x"],
  ["backspaces, NUL and DEL", "ab\b\b\u0000\u007f", "ab"],
  ["what people write", "línea\tä €\n→ 日本\n", "línea\tä €\n→ 日本\n"],
])("shows %s as text alone", (_, text, shown) => expect(printable(text)).toBe(shown));

const evil = "it says\u001b[8m nothing\u009d";

test("a line of the cluster, a command's output and what is going on are all shown so", () => {
  const stream = new PassThrough() as unknown as Parameters<typeof liveOutput>[0] & PassThrough;
  write(evil, stream);
  liveOutput(stream).line(evil);
  liveOutput(stream).status(evil);
  expect(String(stream.read())).toBe("it says nothingit says nothing\n  it says nothing\n");
  expect(oneLine(evil)).toBe("it says nothing");
});

test("a secret that is broken in two by what is left out is hidden all the same", () => {
  const masker = new Masker();
  masker.learn("correct-horse-battery");
  expect(masker.log("key correct-\u001b[0mhorse-battery")).toMatch(/^key \(hidden [0-9a-f]{8}\)$/);
});
