package main

import (
	"reflect"
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

func TestOfTwoValuesAtOnePlaceTheLastWins(t *testing.T) {
	holder := map[string]interface{}{"a": map[string]interface{}{"b": 1.0, "c": []interface{}{1.0}}, "d": "x"}
	set := []change{
		{[]interface{}{"a", "b"}, 2.0},
		{[]interface{}{"d"}, "y"},
		{[]interface{}{"a", "c", 0.0}, 3.0},
		{[]interface{}{"a", "b"}, 4.0},
		{[]interface{}{"e", "f"}, 5.0},
	}
	want := map[string]interface{}{
		"a": map[string]interface{}{"b": 4.0, "c": []interface{}{3.0}}, "d": "y", "e": map[string]interface{}{"f": 5.0},
	}
	if found := withAll(holder, set, 0); !reflect.DeepEqual(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
	if below := holder["a"].(map[string]interface{}); below["b"] != 1.0 || holder["d"] != "x" {
		t.Errorf("what others have as well was changed: %v", holder)
	}
	whole := []change{{[]interface{}{"a"}, "text"}, {[]interface{}{"a", "b"}, 6.0}}
	if found := withAll(holder, whole, 0).(map[string]interface{})["a"]; !reflect.DeepEqual(found, map[string]interface{}{"b": 6.0}) {
		t.Errorf("found %v", found)
	}
}
