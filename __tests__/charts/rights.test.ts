import { releaseKinds } from "../../operations/doctor/needed-rights";
import { environments } from "../unit/synthesize-platform";
import "./machine";
import { renderedObjects } from "./rendered-objects";

test.each(environments)(
  "every kind that the charts render for %s is one that the doctor asks rights for",
  async (name) => {
    const objects = await Promise.all(["ollama", "librechat"].map((app) => renderedObjects(name, app)));
    const kinds = [...new Set(objects.flat().map(({ kind }) => kind))];
    expect(Object.keys(releaseKinds)).toEqual(expect.arrayContaining(kinds));
  },
);
