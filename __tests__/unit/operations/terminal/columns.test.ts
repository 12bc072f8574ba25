import { columns } from "../../../../operations/terminal/columns";

test("a cell of several lines stands beside the first of its row, each line wrapped by itself", () => {
  const long = "a chart whose name goes on and on ".repeat(4).trim();
  expect(
    columns(
      [12],
      [
        ["charts", `one 1.0\n${long}\nthree 3.0`],
        ["note", "none"],
      ],
    ),
  ).toBe(
    columns(
      [12],
      [
        ["charts", "one 1.0"],
        ["", long],
        ["", "three 3.0"],
        ["note", "none"],
      ],
    ),
  );
});
