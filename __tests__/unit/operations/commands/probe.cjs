// Takes the place of what a command does, so that a test sees how the command is wired to signals and streams. It runs a program,
// as an operation runs Terraform, and writes once that has ended; what both notice is in a file.
const fs = require("node:fs");
const net = require("node:net");
const path = require("node:path");

const { PROBED: probed, PROBE: name, ANSWER: answer, NOTES: notes, SOCKET: socket } = process.env;
const note = (text) => fs.appendFileSync(notes, `${text}\n`);

if (process.argv[1] === __filename) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      note(signal);
      // One that changes nothing has nothing to end.
      if (process.env.LEAVES) process.exit(1);
    });
  }
  net
    .connect(socket)
    .on("close", () => process.exit(0))
    .resume();
} else {
  const root = path.join(__dirname, "../../../..");
  require(path.join(root, "operations/typescript.cjs"));
  const terminal = (file) => require(path.join(root, "operations/terminal", file));
  const probe = async () => {
    const { runProgram } = terminal("run-program");
    const say = (line) => process.stdout.write(`${line}\n`);
    if (process.env.LEAVES) {
      await terminal("remove-afterwards").removeAfterwards([process.env.LEAVES], () =>
        runProgram(process.execPath, [__filename]).then(() => {
          say("a line");
          return new Promise((resolve) => setTimeout(resolve, 60_000));
        }),
      );
    }
    await terminal("interruption").interruptible(say, ({ passOn }) => {
      let stop;
      const running = runProgram(process.execPath, [__filename], { started: (how) => (stop = how) });
      return passOn({ name: "terraform", interrupt: () => stop() }, running);
    });
    // Each line finds the pipe broken anew.
    for (let i = 0; i < 3; i++) {
      say(`line ${i}`);
      await new Promise(setImmediate);
    }
    note("ended");
    return JSON.parse(answer);
  };
  const file = path.join(root, `operations/${probed}.ts`);
  require.cache[file] = { id: file, filename: file, loaded: true, exports: { [name]: probe } };
}
