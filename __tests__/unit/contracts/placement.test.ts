import { kubernetesSchema } from "../../../contracts/kubernetes-schema";
import { placements } from "../../../contracts/placement";
import { readTemplates } from "../../../contracts/template-reads";
import { sampleChart } from "./sample-chart";

/** The Kubernetes types of values, from where a template puts them. */
function types(template: string, helpers = "", lists: readonly string[] = []): { [path: string]: string } {
  const chart = sampleChart({ templates: { "a.yaml": template, "_helpers.tpl": helpers } });
  const { types: found } = placements(readTemplates(chart), kubernetesSchema(), (path) =>
    lists.includes(path),
  );
  return Object.fromEntries([...found].map(([path, types]) => [path, [...types].join(" or ")]));
}

const deployment = (pod: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: sample
spec:
  template:
    spec:
${pod}`;

test("a block below a key has the key's type", () => {
  const pod = `      affinity:
        {{- toYaml .Values.affinity | nindent 8 }}
      containers:
        - name: sample
          resources:
            {{- toYaml .Values.resources | nindent 12 }}`;
  expect(types(deployment(pod))).toEqual({
    affinity: "core.v1.Affinity",
    resources: "core.v1.ResourceRequirements",
  });
});

test("a list may stand at the column of its key", () => {
  const pod = `      volumes:
      - name: own
        emptyDir: {}
      {{- toYaml .Values.volumes | nindent 6 }}
      {{- with .Values.tolerations }}
      tolerations:
      {{- toYaml . | nindent 6 }}
      {{- end }}`;
  expect(types(deployment(pod), "", ["tolerations"])).toEqual({
    volumes: "[]core.v1.Volume",
    tolerations: "[]core.v1.Toleration",
  });
});

test("a scalar has the type of its field, quoted or not", () => {
  const service = `apiVersion: v1
kind: Service
spec:
  type: {{ .Values.service.type }}
  ports:
    - port: {{ .Values.service.port }}
      nodePort: "{{ .Values.service.nodePort }}"
      name: {{ .Values.name | quote }}
      protocol: x-{{ .Values.protocol }}`;
  expect(types(service)).toEqual({
    "service.type": "=ClusterIP|ExternalName|LoadBalancer|NodePort",
    "service.port": "integer",
    "service.nodePort": "integer",
    name: "string",
  });
});

test("what goes through a helper, tpl and a merge keeps its type", () => {
  const helpers = `{{- define "render" -}}
{{- if contains "{{" (toJson .value) }}{{ tpl (toYaml .value) .context }}{{ else }}{{ toYaml .value }}{{ end }}
{{- end -}}`;
  const pod = `      containers:
        - name: sample
          livenessProbe: {{- include "render" (dict "value" (omit .Values.probe "enabled") "context" $) | nindent 12 }}`;
  expect(types(deployment(pod), helpers)).toEqual({ probe: "core.v1.Probe" });
});

test("the keys of a dict that is printed are places of their own", () => {
  const pod = `      containers:
        - name: sample
          resources:
            {{- $limits := default dict .Values.resources.limits }}
            {{- toYaml (deepCopy (dict "limits" $limits) | mergeOverwrite .Values.resources) | nindent 12 }}`;
  expect(types(deployment(pod))).toEqual({
    "resources.limits": "{}quantity",
    resources: "core.v1.ResourceRequirements",
  });
});

test("entries of a map have the map's type", () => {
  const map = `apiVersion: v1
kind: ConfigMap
data:
  {{- range $key, $value := .Values.environment }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}`;
  expect(types(map)).toEqual({ "environment.*": "string" });
});

test("text in a text is of no type", () => {
  expect(types("apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    b: {{ .Values.a }}")).toEqual({});
});

test("another API's object of the same kind is not Kubernetes's", () => {
  expect(types("apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  type: {{ .Values.a }}")).toEqual(
    {},
  );
});

test("where a template makes one of two kinds, both count", () => {
  const template = `apiVersion: apps/v1
kind: {{ if .Values.s }}StatefulSet{{ else }}Deployment{{ end }}
spec:
  {{ if .Values.s }}updateStrategy:{{ else }}strategy:{{ end }}
  replicas: {{ .Values.replicas }}`;
  expect(types(template)).toEqual({ replicas: "integer" });
});
