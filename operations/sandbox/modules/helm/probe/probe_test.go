package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// of loads a chart that is written down here: its files by name.
func of(t *testing.T, chart map[string]string) *renderer {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "sample")
	chart["Chart.yaml"] = "apiVersion: v2\nname: sample\nversion: 1.0.0\n" + chart["Chart.yaml"]
	for name, text := range chart {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made, err := newRenderer(folder, "sample", "1.34.0", math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	if answer := made.define(request{Base: "own", Values: map[string]interface{}{}}); answer.Error != "" {
		t.Fatal(answer.Error)
	}
	return made
}

func at(path string, values ...interface{}) leaf {
	one := leaf{Values: values}
	for _, key := range strings.Split(path, ".") {
		one.Path = append(one.Path, key)
	}
	one.places = placesOf(one.Path)
	return one
}

func (r *renderer) tell(leaves ...leaf) answer {
	return r.answer(request{Base: "own", Leaves: leaves, Gates: true})
}

func TestValuesThatHelmDoesNotTakeDoNotRenderStrictly(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":        "text: a\nport: 80\n",
		"values.schema.json": `{ "properties": { "port": { "maximum": 99 } } }`,
		"templates/a.yaml":   "kind: ConfigMap\ndata:\n  checksum:\n    a: b\n  text: {{ .Values.text }}\n",
	})
	for _, one := range []struct {
		values map[string]interface{}
		found  string
	}{
		{map[string]interface{}{"text": "b"}, ""},
		{map[string]interface{}{"text": "b: c"}, "YAML parse error on sample/templates/a.yaml"},
		{map[string]interface{}{"port": 100.0}, "values don't meet the specifications of the schema"},
	} {
		strict := r.define(request{Base: "strict", Values: one.values, Strict: true})
		if !strings.Contains(strict.Error, one.found) || (one.found == "") != (strict.Error == "") {
			t.Errorf("%v: found %q, want %q", one.values, strict.Error, one.found)
		}
		if other := r.define(request{Base: "other", Values: one.values}); other.Error != "" {
			t.Errorf("%v: found %q", one.values, other.Error)
		}
	}
}

func TestALeafThatChangesSomethingIsAlive(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":      "port: 80\nname: web\nkind: blue\nunused: x\nsize: 3\n",
		"templates/a.yaml": "{{ .Values.port }} {{ .Values.name }} {{ if eq .Values.kind \"green\" }}green{{ end }} {{ int .Values.size }}",
	})
	found := r.tell(
		at("port", 81.0), at("name", "webchanged"), at("kind", "bluechanged"), at("unused", "xchanged"), at("size", 4.0),
	)
	if want := []int{alive, alive, dead, dead, alive}; !reflect.DeepEqual(found.States, want) {
		t.Errorf("found %v, want %v", found.States, want)
	}
}

func TestASecondValueIsTriedWhereTheFirstChangesNothing(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":      "kind: blue\n",
		"templates/a.yaml": "{{ if eq .Values.kind \"\" }}none{{ end }}",
	})
	if found := r.tell(at("kind", "bluechanged", "")).States; found[0] != alive {
		t.Errorf("found %v", found)
	}
}

func TestWhatADigestIsMadeOfIsSeen(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":      "a: x\nb: w\nc: z\n",
		"templates/a.yaml": "{{ .Values.a | sha256sum }} {{ .Values.b | b64enc }}",
	})
	found := r.tell(at("a", "xchanged"), at("b", "wchanged"), at("c", "zchanged"))
	if want := []int{alive, alive, dead}; !reflect.DeepEqual(found.States, want) {
		t.Errorf("found %v, want %v", found.States, want)
	}
}

func TestALeafThatTheChartFailsOverFails(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":      "kind: blue\n",
		"templates/a.yaml": "{{ if ne .Values.kind \"blue\" }}{{ fail \"it must be blue\" }}{{ end }}",
	})
	if found := r.tell(at("kind", "bluechanged")).States; found[0] != fails {
		t.Errorf("found %v", found)
	}
}

func TestAGateClosesAndOpensOthers(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml": "first: true\nsecond: false\na: x\nb: w\nc: {}\n",
		"templates/a.yaml": "{{ if .Values.first }}on: {{ .Values.a }}{{ with .Values.c }}{{ toYaml . }}{{ end }}{{ end }}" +
			"{{ if .Values.second }}{{ .Values.b }}{{ end }}",
	})
	found := r.tell(
		at("first", false), at("second", true), at("a", "xchanged"), at("b", "wchanged"),
		at("c", map[string]interface{}{"changed": "changed"}),
	)
	want := []gate{
		{Leaf: 0, Value: false, Closes: []int{2, 4}}, {Leaf: 1, Value: true, Opens: []int{3}},
		{Leaf: 4, Value: map[string]interface{}{"changed": "changed"}},
	}
	if fmt.Sprint(found.Gates) != fmt.Sprint(want) {
		t.Errorf("found %+v, want %+v", found.Gates, want)
	}
}

func TestASubchartIsSwitched(t *testing.T) {
	r := of(t, map[string]string{
		"Chart.yaml":                   "dependencies: [{name: sub, version: 1.0.0, condition: sub.enabled}]\n",
		"values.yaml":                  "sub: {enabled: true}\nglobal: {tag: a}\n",
		"charts/sub/Chart.yaml":        "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
		"charts/sub/values.yaml":       "level: info\n",
		"charts/sub/templates/a.yaml":  "{{ .Values.level }} {{ .Values.global.tag }}",
		"charts/sub/templates/_x.yaml": "{{ .Values.unused }}",
	})
	found := r.tell(at("sub.enabled", false), at("sub.level", "infochanged"), at("global.tag", "achanged"))
	if want := []int{alive, alive, alive}; !reflect.DeepEqual(found.States, want) {
		t.Errorf("found %v, want %v", found.States, want)
	}
	if want := []int{1, 2}; len(found.Gates) != 1 || !reflect.DeepEqual(found.Gates[0].Closes, want) {
		t.Errorf("found %+v", found.Gates)
	}
}

func TestATemplateMayChangeTheValuesOfTheNext(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":      "a: x\nb: w\n",
		"templates/z.yaml": "{{ $_ := set .Values \"b\" .Values.a }}",
		"templates/a.yaml": "{{ .Values.b }}",
	})
	found := r.tell(at("a", "xchanged"), at("b", "wchanged"))
	if want := []int{alive, dead}; !reflect.DeepEqual(found.States, want) {
		t.Errorf("found %v, want %v", found.States, want)
	}
}

func TestOfTwoDefinitionsTheOneNearerToTheTopIsRenderedAndNoEmptyOne(t *testing.T) {
	for _, one := range []struct {
		define string
		want   []int
	}{
		{"{{ define \"name\" }}{{ .Values.other }}{{ end }}", []int{dead, alive, alive}},
		{"{{ define \"name\" }} {{/* nothing */}} {{ end }}", []int{alive, dead, alive}},
		{"", []int{alive, dead, alive}},
	} {
		r := of(t, map[string]string{
			"Chart.yaml":                        "dependencies: [{ name: inner, version: 1.0.0, condition: inner.enabled }]\n",
			"values.yaml":                       "inner: { enabled: true }\n",
			"templates/_names.tpl":              one.define,
			"charts/inner/Chart.yaml":           "apiVersion: v2\nname: inner\nversion: 1.0.0\n",
			"charts/inner/values.yaml":          "name: a\nother: b\n",
			"charts/inner/templates/_names.tpl": "{{ define \"name\" }}{{ .Values.name }}{{ end }}",
			"charts/inner/templates/a.yaml":     "a: {{ include \"name\" . }}",
		})
		// Switched off and on again, each set of charts has templates of its own.
		for range 2 {
			found := r.tell(at("inner.name", "achanged"), at("inner.other", "bchanged"), at("inner.enabled", false))
			if !reflect.DeepEqual(found.States, one.want) {
				t.Errorf("%s: found %v, want %v", one.define, found.States, one.want)
			}
		}
	}
}

func TestAReleaseHasTheNameOfTheChartOrTheOneThatIsSaid(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":      "long: false\n",
		"templates/a.yaml": "{{ if and .Values.long (ne .Release.Name .Chart.Name) }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}",
	})
	if found := r.tell(at("long", true)).States; found[0] != dead {
		t.Errorf("found %v", found)
	}
	r.define(request{Base: "own", Values: map[string]interface{}{}, Release: "other"})
	if found := r.tell(at("long", true)).States; found[0] != alive {
		t.Errorf("found %v", found)
	}
}

func TestMarksAreTakenOutOfATextAndNoted(t *testing.T) {
	marked, _ := mark(7, "web", "webchanged")
	number, _ := mark(8, 80.0, 81.0)
	found := map[int]bool{}
	text := unmark("name: "+marked.(string)+" port: "+strings.TrimSpace(toYAML(number)), found)
	if text != "name: web port: 80" || !found[7] || !found[8] {
		t.Errorf("found %q and %v", text, found)
	}
}

func TestATraceIsWhatARenderingLooksAt(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml": "on: false\na: {b: x, other: y}\nlist: [1]\nwhole: {c: 1}\nmap: {d: 1, e: {f: 2}}\nfirst: {g: 1}\nsecond: {h: 1}\ntext: '{{ .Values.inText }}'\ninText: z\nidle: 1\n",
		"templates/a.yaml": "{{ if .Values.on }}{{ .Values.idle }}{{ end }}{{ with .Values.a }}{{ .b }}{{ end }}" +
			"{{ range .Values.list }}{{ . }}{{ end }}{{ toYaml .Values.whole }}{{ range $k, $v := .Values.map }}{{ $k }}{{ end }}" +
			"{{ (merge (dict) .Values.first (index .Values \"second\")).g }}{{ tpl .Values.text . }}",
	})
	trace := r.trace(r.scenes["own"], 0)
	if trace == nil {
		t.Fatal("what it renders is not the same")
	}
	for path, want := range map[string]bool{
		"on": true, "a.b": true, "a.other": false, "whole.c": true, "map.d": true, "map.e.f": false, "first.g": true, "second.h": true,
		"inText": true, "idle": false,
	} {
		if found, _ := trace.reads(at(path)); found != want {
			t.Errorf("%s: found %v", path, found)
		}
	}
	if found, _ := trace.reads(leaf{places: placesOf([]interface{}{"list", 0.0})}); !found {
		t.Error("an item of a list was not looked at")
	}
}

func TestChangedLinesAreThoseThatAreOtherwiseAndThoseAroundWhatIsMore(t *testing.T) {
	before := []string{"a: 1\nb: 2\nc: 3"}
	for _, one := range []struct {
		after  string
		around bool
		want   []int
	}{
		{"a: 1\nb: 9\nc: 3", true, []int{1}},
		{"a: 1\nc: 3", true, []int{1}},
		{"a: 1\nb: 2\nx: 1\nc: 3", true, []int{1, 2}},
		{"a: 1\nb: 2\nx: 1\nc: 3", false, nil},
	} {
		if found := changedLines(before, []string{one.after}, one.around); !reflect.DeepEqual(found, one.want) {
			t.Errorf("%q: found %v, want %v", one.after, found, one.want)
		}
	}
}

func TestWhatAGateChangesStaysChangedWhereTheChartsAreChosenAnew(t *testing.T) {
	r := of(t, map[string]string{
		"Chart.yaml":                  "dependencies: [{name: sub, version: 1.0.0, import-values: [{child: service, parent: taken}]}]\n",
		"values.yaml":                 "label: a\n",
		"templates/a.yaml":            "{{ .Values.label }}",
		"charts/sub/Chart.yaml":       "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
		"charts/sub/values.yaml":      "service: {type: x}\n",
		"charts/sub/templates/a.yaml": "none",
	})
	changed, err := r.apply(r.scenes["own"], []change{{at("label").Path, "b"}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.apply(changed, []change{{at("sub.service.type").Path, "y"}})
	if err != nil {
		t.Fatal(err)
	}
	if found := again.values["label"]; found != "b" {
		t.Errorf("found %v", found)
	}
}

// What a digest of a file depends on, the file shows that is rendered itself.
func TestADigestOfAFileIsNoEffectOfWhatIsInIt(t *testing.T) {
	r := of(t, map[string]string{
		"values.yaml":        "port: 80\n",
		"templates/a.yaml":   "{{ .Values.port }}",
		"templates/b.yaml":   "hash: {{ include (print $.Template.BasePath \"/a.yaml\") . | sha256sum | trunc 8 }}",
		"templates/c.yaml":   "hash: {{ include \"sum\" (dict \"context\" .) }}",
		"templates/_sum.tpl": "{{ define \"sum\" }}{{ $it := include (print .context.Template.BasePath \"/a.yaml\") .context }}{{ $it | sha256sum }}{{ end }}",
	})
	found := r.tell(at("port", 81.0))
	if !reflect.DeepEqual(found.States, []int{alive}) {
		t.Errorf("found %v", found.States)
	}
	for at, unit := range r.scenes["own"].parsed.units {
		if text := r.text(r.scenes["own"], at).texts[0]; unit[0].name != "sample/templates/a.yaml" && text != "hash: digest" {
			t.Errorf("%s is %q", unit[0].name, text)
		}
	}
}

// What is kept is left after all else is spent.
func TestSomeWorkIsKeptForLeavesThatAreLookedAtTogether(t *testing.T) {
	r := of(t, map[string]string{"values.yaml": "a: x\nb: x\n", "templates/a.yaml": "{{ .Values.a }}"})
	r.most, r.kept = 0, math.MaxInt64/2
	if told := r.define(request{Base: "more", Values: map[string]interface{}{"a": "y"}}); told.Error == "" {
		t.Error("a base is made with no work left")
	}
	told := r.define(request{Base: "more", Values: map[string]interface{}{"a": "y"}, Together: true})
	found := r.answer(request{Base: "more", Leaves: []leaf{at("a", "ychanged"), at("b", "xchanged")}})
	if told.Error != "" || !reflect.DeepEqual(found.States, []int{alive, dead}) {
		t.Errorf("found %v, %s", found.States, told.Error)
	}
}

func TestAKeyThatIsNoTextIsPrintedOnlyWhereItIsSmall(t *testing.T) {
	of := map[string]interface{}{"a": "x"}
	want := map[string]interface{}{"a": 1, "2": 3, "map": ""}
	if found := dict("a", 1, 2, 3, of); !reflect.DeepEqual(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
}
