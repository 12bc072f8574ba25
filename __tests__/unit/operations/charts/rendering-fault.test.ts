import { renderingFault } from "../../../../operations/charts/rendering-fault";
import { probeOf } from "./sample-probe";

const failing = (message: string) =>
  probeOf({}, () => {
    throw new Error(message);
  });

test("values that render have no fault, and neither have those that do where the cluster has what the chart asks for", async () => {
  expect(
    await renderingFault(
      probeOf({}, ({ a }) => a),
      { a: 1 },
    ),
  ).toBeUndefined();
  const onlyWithAPIs = probeOf({}, (_values, _isUpgrade, hasAPIs) => {
    if (!hasAPIs) throw new Error("no ServiceMonitor");
  });
  expect(await renderingFault(onlyWithAPIs, {})).toBeUndefined();
});

const include = `template: a/templates/a.yaml:3:4: executing "a/templates/a.yaml" at <include "a.b" .>: error calling include: `;

test.each([
  [
    "where it began",
    `${include}template: a/templates/_b.tpl:9:12: executing "a.b" at <.Values.x.y>: nil pointer evaluating interface {}.y`,
    "a/templates/_b.tpl:9: <.Values.x.y>: nil pointer evaluating interface {}.y",
  ],
  [
    "in the chart's own words, in one line",
    `${include}template: a/templates/_b.tpl:9:12: executing "a.b" at <fail $text>: error calling fail: \n\na password\n  is needed\n`,
    "a/templates/_b.tpl:9: a password is needed",
  ],
  [
    "in a template among the values",
    `${include}template: gotpl:2:8: executing "gotpl" at <dig "a" .Values.x>: error calling dig: x is nil`,
    'a template in the values:2: <dig "a" .Values.x>: error calling dig: x is nil',
  ],
  [
    "in a template among the values that another one was before",
    `${include}template: gotpl-4:1:12: executing "gotpl-4" at <.Values.x.y>: nil pointer evaluating interface {}.y`,
    "a template in the values:1: <.Values.x.y>: nil pointer evaluating interface {}.y",
  ],
  [
    "where what is no template at all ends",
    `${include}template: gotpl-0:1: unclosed action`,
    "a template in the values:1: unclosed action",
  ],
  [
    "where no template says it",
    "YAML parse error on a/templates/a.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed",
    "YAML parse error on a/templates/a.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed",
  ],
  ["shortened", "a".repeat(1000), `${"a".repeat(400)}…`],
])("why values do not render is told %s", async (_what, error, fault) => {
  expect(await renderingFault(failing(error), {})).toBe(fault);
});
