package main

import (
	"strings"
	"testing"
)

func TestWhatARenderingChangesOfItsValuesIsPutBack(t *testing.T) {
	for name, change := range map[string]string{
		"set":            `{{ $_ := set .Values.map "key" .Values.other }}`,
		"unset":          `{{ $_ := unset .Values.map "key" }}`,
		"merge":          `{{ $_ := mergeOverwrite .Values.map (dict "key" .Values.other "below" (dict "key" "more")) }}`,
		"merge of two":   `{{ $_ := mustMergeOverwrite (dict) .Values (dict "map" (dict "key" .Values.other)) }}`,
		"set in another": `{{ $all := merge (dict) .Values }}{{ $_ := set $all.map.below "key" .Values.other }}`,
		"set in a list":  `{{ $_ := set (first .Values.list) "key" .Values.other }}`,
	} {
		r := of(t, map[string]string{
			"values.yaml":      "other: more\nmap: { key: first, below: { key: second } }\nlist: [{ key: third }]\n",
			"templates/a.yaml": "{{ toYaml .Values.map }}{{ toYaml .Values.list }}" + change + "{{ toYaml .Values.map }}{{ toYaml .Values.list }}",
		})
		scene := r.scenes["own"]
		for range 2 {
			made := r.render(scene, scene.parsed.units[0], scene.values)
			if made.err != nil {
				t.Fatal(made.err)
			}
			if want := "below:\n  key: second\nkey: first- key: third"; !strings.HasPrefix(made.texts[0], want) {
				t.Errorf("%s: rendered\n%s\nwanted first\n%s", name, made.texts[0], want)
			}
		}
	}
}
