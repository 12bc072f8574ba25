import { dataLosses } from "../../../../operations/diff/data-loss";

const claim = (spec: object = { storageClassName: "standard" }, annotations = {}) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "models", namespace: "ollama", annotations },
  spec,
});
const kept = { "helm.sh/resource-policy": "keep" };

test("a claim that goes, changes or comes is data that would be touched", () => {
  expect(dataLosses([{ old: claim() }])).toEqual([
    "PersistentVolumeClaim/models would be deleted, and its data with it",
  ]);
  expect(dataLosses([{ old: claim(), new: claim({ storageClassName: "fast" }) }])).toEqual([
    "PersistentVolumeClaim/models would have to be made anew, without its data",
  ]);
  expect(dataLosses([{ new: claim() }])).toEqual([
    "PersistentVolumeClaim/models would become part of the release, and the next deploy would delete it with its data",
  ]);
});

test("a claim that stays as it is, or that Helm keeps, is none", () => {
  expect(dataLosses([{ old: claim(), new: claim() }])).toEqual([]);
  expect(dataLosses([{ old: claim({}, kept) }, { new: claim({}, kept) }])).toEqual([]);
});

test("nothing else is data", () => {
  expect(dataLosses([{ old: { ...claim(), kind: "Secret" } }])).toEqual([]);
});
