package main

import (
	"reflect"
	"testing"
)

// What is taken from another scene is what would have been rendered.
func TestWhatIsTakenFromAnotherSceneIsWhatWouldHaveBeenRendered(t *testing.T) {
	files := func() map[string]string {
		return map[string]string{
			"Chart.yaml":                  "dependencies: [{name: sub, version: 1.0.0, condition: sub.enabled}]\n",
			"values.yaml":                 "global: {name: a}\nmap: {one: 1}\nempty: {}\nlist: [1]\non: false\nother: x\nplain: {a: 1, b: 2}\nsub: {enabled: true, port: 1}\n",
			"templates/keys.yaml":         "{{ range $k, $v := .Values.map }}{{ $k }}{{ end }}",
			"templates/empty.yaml":        "{{ if .Values.empty }}full{{ end }}",
			"templates/length.yaml":       "{{ len .Values.list }}{{ .Values.map | len }}",
			"templates/printed.yaml":      "{{ .Values.plain }}{{ print .Values.list }}",
			"templates/on.yaml":           "{{ if and .Values.on (eq .Values.other \"y\") }}on{{ end }}",
			"templates/index.yaml":        "{{ index .Values.list 0 }}{{ index .Values.plain \"a\" }}{{ hasKey .Values.map \"two\" }}",
			"templates/slice.yaml":        "{{ slice .Values.list 0 1 }}",
			"templates/global.yaml":       "{{ .Values.global.name }}",
			"charts/sub/Chart.yaml":       "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
			"charts/sub/templates/a.yaml": "{{ .Values.global.name }}{{ .Values.port }}",
		}
	}
	type values = map[string]interface{}
	for _, set := range []values{
		{"map": values{"two": 2.0}},
		{"map": values{"one": 3.0}},
		{"empty": values{"a": "b"}},
		{"list": []interface{}{2.0}},
		{"list": []interface{}{1.0, 2.0}},
		{"on": true},
		{"on": true, "other": "y"},
		{"other": "y"},
		{"plain": values{"b": 3.0}},
		{"global": values{"name": "b"}},
		{"sub": values{"port": 2.0}},
		{"sub": values{"enabled": false}},
		{"empty": nil},
		{"empty": values{}},
		{"plain": values{}},
		{"other": values{}},
	} {
		r := of(t, files())
		r.answer(request{Base: "own", Leaves: []leaf{at("other", "z"), at("on", true)}, Gates: true})
		if told := r.define(request{Base: "set", Values: set}); told.Error != "" {
			t.Fatal(told.Error)
		}
		found := r.scenes["set"]
		fresh := of(t, files())
		want, err := fresh.prepare(request{Values: set}, set)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(found.values, want.values) {
			t.Errorf("%v: values are %v, want %v", set, found.values, want.values)
		}
		for at, unit := range want.parsed.units {
			if one, other := r.text(found, at), fresh.text(want, at); !reflect.DeepEqual(one.texts, other.texts) {
				t.Errorf("%v: %s is %q, want %q", set, unit[0].name, one.texts, other.texts)
			}
		}
	}
}

func TestOnlyWhatLooksAtADifferenceIsRenderedAnew(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":      "a: 1\nb: 1\n",
		"templates/a.yaml": "{{ .Values.a }}",
		"templates/b.yaml": "{{ .Values.b }}",
	})
	r.tell(at("a", 2.0))
	r.define(request{Base: "set", Values: map[string]interface{}{"b": 2.0}})
	for at, unit := range r.scenes["set"].parsed.units {
		isTaken := r.scenes["set"].reused[at] != nil
		if want := unit[0].name == "sample/templates/a.yaml"; isTaken != want {
			t.Errorf("%s is taken: %v", unit[0].name, isTaken)
		}
	}
}

func TestToBringTheValuesOfChartsTogetherIsWork(t *testing.T) {
	r := of(t, map[string]string{
		"Chart.yaml":                  "dependencies: [{name: sub, version: 1.0.0, condition: sub.enabled}]\n",
		"values.yaml":                 "a: 1\nsub: {enabled: true}\n",
		"templates/a.yaml":            "{{ .Values.a }}",
		"charts/sub/Chart.yaml":       "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
		"charts/sub/templates/a.yaml": "a",
	})
	once := int64(workOfPrepared * r.entries * r.charts)
	if r.charts != 2 || once == 0 {
		t.Fatalf("%d charts, %d", r.charts, once)
	}
	r.tell(at("a", 2.0))
	before := r.spent.Load()
	r.tell(at("sub.enabled", false))
	if took := r.spent.Load() - before; took < once {
		t.Errorf("took %d, want %d at least", took, once)
	}
	before = r.spent.Load()
	r.define(request{Base: "again", Values: map[string]interface{}{"a": 1.0}})
	if took := r.spent.Load() - before; took >= once {
		t.Errorf("what decides is as it was, but took %d", took)
	}
}

func TestAChecksumIsNoEffect(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml": "shown: {a: 1}\nhashed: {b: x}\nmore: []\npassword: secret\n",
		"templates/a.yaml": "{{ if .Values.more }}\n  checksum/more: {{ print .Values.more | sha256sum }}{{ end }}\n" +
			"checksum/config: {{ print .Values.hashed | sha256sum }}\na: {{ .Values.shown.a }}\n" +
			"password: {{ .Values.password | sha256sum | trunc 8 }}",
	})
	more := []any{"changed"}
	found := r.tell(at("shown.a", 2.0), at("hashed.b", "xchanged"), at("more", more), at("password", "ychanged"))
	if want := []int{alive, dead, dead, alive}; !reflect.DeepEqual(found.States, want) {
		t.Errorf("found %v, want %v", found.States, want)
	}
}

func TestOneRequestTakesNoMoreThanHalfOfWhatIsLeft(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":      "a: false\nb: false\n",
		"templates/a.yaml": "{{ if .Values.a }}{{ range until 100 }}{{ . }}{{ end }}{{ end }}{{ .Values.b }}",
	})
	r.most = 1
	found := r.tell(at("a", true), at("b", true))
	if want := []int{untried, untried}; !reflect.DeepEqual(found.States, want) {
		t.Errorf("found %v, want %v", found.States, want)
	}
}
