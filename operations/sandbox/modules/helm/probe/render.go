package main

import (
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"sync"
	"text/template"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
)

// renderer renders one chart.
type renderer struct {
	chart   *chart.Chart
	release string
	plain   *chartutil.Capabilities
	// everything: with every API that a template asks for.
	everything *chartutil.Capabilities
	// switches are the values that decide which charts there are, from the top.
	switches map[string]bool
	imports  bool
	mutex    sync.Mutex
	bases    map[string]*base
	// parsed by the names of the files.
	parsed map[string]*parsed
}

// base is a set of values, and what the chart makes of it.
type base struct {
	request  request
	chart    *chart.Chart
	values   map[string]interface{}
	parsed   *parsed
	rendered map[string]string
	// ordered: a template changes the values for those that are rendered after it.
	ordered   bool
	evaluated map[string]bool
}

// file is one file of templates, and the chart that it belongs to.
type file struct {
	name     string
	chart    *chart.Chart
	keys     []string
	mentions mentions
}

// parsed are the templates of a chart with those of its subcharts that are on.
type parsed struct {
	files     []file
	templates *template.Template
	clones    sync.Pool
}

func newRenderer(archive, release, version string) (*renderer, error) {
	loaded, err := loader.Load(archive)
	if err != nil {
		return nil, err
	}
	kubernetes, err := chartutil.ParseKubeVersion(version)
	if err != nil {
		return nil, err
	}
	plain := chartutil.DefaultCapabilities.Copy()
	plain.KubeVersion = *kubernetes
	everything := plain.Copy()
	everything.APIVersions = append(append(chartutil.VersionSet{}, plain.APIVersions...), askedAPIs(loaded)...)
	one := &renderer{
		chart: loaded, release: release, plain: plain, everything: everything,
		switches: map[string]bool{}, bases: map[string]*base{}, parsed: map[string]*parsed{},
	}
	one.findSwitches(loaded, "")
	return one, nil
}

var apiPattern = regexp.MustCompile(`"([a-z0-9.-]+/v\d\w*(?:/\w+)?)"`)

func askedAPIs(of *chart.Chart) []string {
	var found []string
	for _, one := range of.Templates {
		for _, match := range apiPattern.FindAllStringSubmatch(string(one.Data), -1) {
			found = append(found, match[1])
		}
	}
	for _, inner := range of.Dependencies() {
		found = append(found, askedAPIs(inner)...)
	}
	return found
}

func (r *renderer) findSwitches(of *chart.Chart, prefix string) {
	for _, dependency := range of.Metadata.Dependencies {
		for _, condition := range strings.Split(dependency.Condition, ",") {
			r.switches[prefix+strings.TrimSpace(condition)] = true
		}
		r.imports = r.imports || len(dependency.ImportValues) > 0
	}
	for _, inner := range of.Dependencies() {
		for _, dependency := range of.Metadata.Dependencies {
			if dependency.Name == inner.Name() && dependency.Alias != "" {
				r.findSwitches(inner, prefix+dependency.Alias+".")
			}
		}
		r.findSwitches(inner, prefix+inner.Name()+".")
	}
}

// define makes a base.
func (r *renderer) define(one request) answer {
	made, err := r.scene(one, one.Values)
	if err != nil {
		return answer{ID: one.ID, Error: err.Error()}
	}
	copied := deepCopy(made.values).(map[string]interface{})
	made.rendered, err = r.render(made, copied, made.parsed.files, nil)
	if err != nil {
		return answer{ID: one.ID, Error: err.Error()}
	}
	if !reflect.DeepEqual(copied, made.values) {
		for i := range made.parsed.files {
			alone := deepCopy(made.values).(map[string]interface{})
			rendered, err := r.render(made, alone, made.parsed.files[i:i+1], made.rendered)
			for name, text := range rendered {
				made.ordered = made.ordered || text != made.rendered[name]
			}
			made.ordered = made.ordered || err != nil
		}
	}
	made.evaluated = map[string]bool{}
	evaluatedWords(made.values, made.evaluated)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.bases[one.Base] = made
	return answer{ID: one.ID}
}

// try renders what the base makes when some values differ, as far as that can have changed.
func (r *renderer) try(one request) (result answer) {
	result.ID = one.ID
	defer func() {
		if failure := recover(); failure != nil {
			result = answer{ID: one.ID, Changed: true, Error: fmt.Sprint(failure)}
		}
	}()
	r.mutex.Lock()
	from := r.bases[one.Base]
	r.mutex.Unlock()
	if from == nil {
		return answer{ID: one.ID, Error: "no such base: " + one.Base}
	}
	scene, values, rebuilt := from, map[string]interface{}(nil), false
	for _, change := range one.Set {
		rebuilt = rebuilt || r.rebuilds(change)
	}
	if rebuilt {
		user := deepCopy(from.request.Values).(map[string]interface{})
		for _, change := range one.Set {
			user = set(user, from.values, change.Path, change.Value).(map[string]interface{})
		}
		made, err := r.scene(from.request, user)
		if err != nil {
			return answer{ID: one.ID, Changed: true, Error: err.Error()}
		}
		scene, values = made, made.values
		if scene.parsed != from.parsed {
			one.Full = true
		}
	} else {
		values = deepCopy(from.values).(map[string]interface{})
		for _, change := range one.Set {
			values = set(values, nil, change.Path, change.Value).(map[string]interface{})
		}
	}
	files := scene.parsed.files
	if !one.Full && !from.ordered {
		files = relevant(files, one.Set, from.evaluated)
	}
	rendered, err := r.render(scene, values, files, from.rendered)
	if err != nil {
		return answer{ID: one.ID, Changed: true, Error: err.Error()}
	}
	for name, text := range rendered {
		if before, known := from.rendered[name]; known && before != text || !known && strings.TrimSpace(text) != "" {
			return answer{ID: one.ID, Changed: true}
		}
	}
	if one.Full {
		for name, text := range from.rendered {
			if _, there := rendered[name]; !there && strings.TrimSpace(text) != "" {
				return answer{ID: one.ID, Changed: true}
			}
		}
	}
	return result
}

// rebuilds says whether a value has more effect than to be read.
func (r *renderer) rebuilds(one change) bool {
	keys := make([]string, len(one.Path))
	for i, key := range one.Path {
		keys[i] = fmt.Sprint(key)
	}
	joined := strings.Join(keys, ".")
	if r.imports || one.Value == nil || keys[0] == "global" || keys[0] == "tags" {
		return true
	}
	for name := range r.switches {
		if name == joined || strings.HasPrefix(name, joined+".") {
			return true
		}
	}
	for _, key := range keys {
		if key == "global" || key == "tags" {
			return true
		}
	}
	return false
}

// scene is what is to be rendered of values that a person sets, as Helm prepares it.
func (r *renderer) scene(of request, user map[string]interface{}) (*base, error) {
	copied := cloneChart(r.chart)
	user = deepCopy(user).(map[string]interface{})
	if err := chartutil.ProcessDependenciesWithMerge(copied, user); err != nil {
		return nil, err
	}
	capabilities := r.plain
	if of.APIs {
		capabilities = r.everything
	}
	options := chartutil.ReleaseOptions{
		Name: r.release, Namespace: r.release, Revision: 1, IsInstall: !of.Upgrade, IsUpgrade: of.Upgrade,
	}
	top, err := chartutil.ToRenderValuesWithSchemaValidation(copied, user, options, capabilities, true)
	if err != nil {
		return nil, err
	}
	templates, err := r.parse(copied)
	if err != nil {
		return nil, err
	}
	values, _ := plainMaps(top["Values"]).(map[string]interface{})
	return &base{request: of, chart: copied, values: values, parsed: templates}, nil
}

// render renders files, up to the first that differs from what was there before.
func (r *renderer) render(
	scene *base, values map[string]interface{}, wanted []file, before map[string]string,
) (map[string]string, error) {
	clone := scene.parsed.clone()
	defer scene.parsed.clones.Put(clone)
	contexts := map[string]map[string]interface{}{}
	r.contexts(scene, scene.chart, values, nil, contexts)
	rendered := map[string]string{}
	for _, one := range wanted {
		if strings.HasPrefix(path.Base(one.name), "_") {
			continue
		}
		context := contexts[strings.Join(one.keys, "\x00")]
		if context == nil {
			continue
		}
		folder := one.chart.ChartFullPath()
		context["Template"] = chartutil.Values{"Name": one.name, "BasePath": path.Join(folder, "templates")}
		var out strings.Builder
		if err := clone.ExecuteTemplate(&out, one.name, context); err != nil {
			return nil, err
		}
		// Nothing of the notes is deployed.
		if path.Base(one.name) == "NOTES.txt" {
			continue
		}
		text := strings.ReplaceAll(out.String(), "<no value>", "")
		rendered[one.name] = text
		if known, there := before[one.name]; there && known != text {
			break
		}
	}
	return rendered, nil
}

// contexts are what the templates of each chart have as their `.`, by the keys of its values.
func (r *renderer) contexts(
	scene *base, of *chart.Chart, values map[string]interface{}, keys []string, found map[string]map[string]interface{},
) map[string]interface{} {
	capabilities := r.plain
	if scene.request.APIs {
		capabilities = r.everything
	}
	subcharts := map[string]interface{}{}
	context := map[string]interface{}{
		"Chart": struct {
			chart.Metadata
			IsRoot bool
		}{*of.Metadata, of.IsRoot()},
		"Files": filesOf(of),
		"Release": map[string]interface{}{
			"Name": r.release, "Namespace": r.release, "IsUpgrade": scene.request.Upgrade,
			"IsInstall": !scene.request.Upgrade, "Revision": 1, "Service": "Helm",
		},
		"Capabilities": capabilities,
		"Values":       chartutil.Values(values),
		"Subcharts":    subcharts,
	}
	found[strings.Join(keys, "\x00")] = context
	for _, inner := range of.Dependencies() {
		below, _ := values[inner.Name()].(map[string]interface{})
		if below == nil {
			below = map[string]interface{}{}
		}
		innerKeys := append(append([]string{}, keys...), inner.Name())
		subcharts[inner.Name()] = r.contexts(scene, inner, below, innerKeys, found)
	}
	return context
}

func (r *renderer) parse(of *chart.Chart) (*parsed, error) {
	texts := map[string]string{}
	var files []file
	var add func(*chart.Chart, []string)
	add = func(one *chart.Chart, keys []string) {
		for _, template := range one.Templates {
			library := strings.EqualFold(one.Metadata.Type, "library")
			if template == nil || library && !strings.HasPrefix(filepath.Base(template.Name), "_") {
				continue
			}
			name := path.Join(one.ChartFullPath(), template.Name)
			texts[name] = string(template.Data)
			files = append(files, file{name: name, chart: one, keys: keys})
		}
		for _, inner := range one.Dependencies() {
			add(inner, append(append([]string{}, keys...), inner.Name()))
		}
	}
	add(of, nil)
	// The order in which Helm parses: what is nearer to the top comes last, and wins.
	sort.Slice(files, func(i, j int) bool {
		a, b := files[i].name, files[j].name
		if depth, other := strings.Count(a, "/"), strings.Count(b, "/"); depth != other {
			return depth > other
		}
		return a > b
	})
	names := make([]string, len(files))
	for i, one := range files {
		names[i] = one.name
	}
	key := strings.Join(names, "\n")
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if known := r.parsed[key]; known != nil {
		return known, nil
	}
	templates := template.New("gotpl").Option("missingkey=zero").Funcs(helmFunctions())
	for _, one := range files {
		if _, err := templates.New(one.name).Parse(texts[one.name]); err != nil {
			return nil, err
		}
	}
	finder := newMentionsFinder(templates)
	for i := range files {
		files[i].mentions = finder.of(files[i].name)
	}
	made := &parsed{files: files, templates: templates}
	r.parsed[key] = made
	return made, nil
}

// clone are the templates for one rendering at a time.
func (p *parsed) clone() *template.Template {
	if ready, ok := p.clones.Get().(*template.Template); ok {
		return ready
	}
	clone := template.Must(p.templates.Clone())
	bind(clone, map[string]int{})
	return clone
}

const deepestInclude = 1000

func bind(templates *template.Template, depths map[string]int) {
	templates.Option("missingkey=zero")
	templates.Funcs(template.FuncMap{
		"include": func(name string, data interface{}) (string, error) {
			if depths[name] > deepestInclude {
				return "", fmt.Errorf("%s includes itself without an end", name)
			}
			depths[name]++
			defer func() { depths[name]-- }()
			var out strings.Builder
			err := templates.ExecuteTemplate(&out, name, data)
			return out.String(), err
		},
		"tpl": func(text string, data interface{}) (string, error) {
			if !strings.Contains(text, "{{") {
				return text, nil
			}
			clone, err := templates.Clone()
			if err != nil {
				return "", err
			}
			bind(clone, depths)
			evaluated, err := clone.New(templates.Name()).Parse(text)
			if err != nil {
				return "", err
			}
			var out strings.Builder
			err = evaluated.Execute(&out, data)
			return strings.ReplaceAll(out.String(), "<no value>", ""), err
		},
	})
}

// relevant are the files that may read one of the values: first those that mention most of its keys.
func relevant(all []file, changes []change, evaluated map[string]bool) []file {
	var found []file
	for _, one := range all {
		for _, change := range changes {
			if one.reads(change.Path, evaluated) {
				found = append(found, one)
				break
			}
		}
	}
	if len(changes) == 1 {
		mentioned := func(one file) int {
			count := 0
			for _, key := range changes[0].Path {
				if name, ok := key.(string); ok && one.mentions.words[name] {
					count++
				}
			}
			return count
		}
		sort.SliceStable(found, func(i, j int) bool { return mentioned(found[i]) > mentioned(found[j]) })
	}
	return found
}

func (f file) reads(at []interface{}, evaluated map[string]bool) bool {
	for i, key := range f.keys {
		if i >= len(at) {
			return true
		}
		if at[i] != key {
			return at[0] == "global" && f.mentions.words["global"]
		}
	}
	if len(f.keys) >= len(at) || f.mentions.whole || f.mentions.dynamic {
		return true
	}
	name, _ := at[len(f.keys)].(string)
	if strings.ContainsAny(name, "-.") {
		for _, word := range wordPattern.FindAllString(name, -1) {
			if !f.mentions.words[word] && !(f.mentions.evaluates && evaluated[word]) {
				return false
			}
		}
		return true
	}
	return f.mentions.words[name] || f.mentions.evaluates && evaluated[name]
}

// set puts a value at a place; a list of the chart's own that a person does not set yet is copied from below.
func set(holder, below interface{}, at []interface{}, value interface{}) interface{} {
	if len(at) == 0 {
		return value
	}
	switch key := at[0].(type) {
	case float64:
		list, ok := holder.([]interface{})
		if !ok {
			if list, ok = deepCopy(below).([]interface{}); !ok {
				return value
			}
		}
		if i := int(key); i < len(list) {
			list[i] = set(list[i], nil, at[1:], value)
		} else {
			list = append(list, set(nil, nil, at[1:], value))
		}
		return list
	default:
		name := fmt.Sprint(key)
		made, ok := holder.(map[string]interface{})
		if !ok {
			made = map[string]interface{}{}
		}
		var inner interface{}
		if known, ok := below.(map[string]interface{}); ok {
			inner = known[name]
		}
		made[name] = set(made[name], inner, at[1:], value)
		return made
	}
}

func cloneChart(of *chart.Chart) *chart.Chart {
	copied := *of
	metadata := *of.Metadata
	metadata.Dependencies = nil
	for _, one := range of.Metadata.Dependencies {
		dependency := *one
		metadata.Dependencies = append(metadata.Dependencies, &dependency)
	}
	if of.Metadata.Dependencies == nil {
		metadata.Dependencies = nil
	}
	copied.Metadata = &metadata
	copied.Values, _ = deepCopy(of.Values).(map[string]interface{})
	var inner []*chart.Chart
	for _, one := range of.Dependencies() {
		inner = append(inner, cloneChart(one))
	}
	copied.SetDependencies(inner...)
	return &copied
}

func deepCopy(value interface{}) interface{} {
	switch one := value.(type) {
	case map[string]interface{}:
		copied := make(map[string]interface{}, len(one))
		for key, inner := range one {
			copied[key] = deepCopy(inner)
		}
		return copied
	case []interface{}:
		copied := make([]interface{}, len(one))
		for i, inner := range one {
			copied[i] = deepCopy(inner)
		}
		return copied
	default:
		return value
	}
}

// plainMaps turns Helm's own type for values into plain maps, all the way down.
func plainMaps(value interface{}) interface{} {
	switch one := value.(type) {
	case chartutil.Values:
		return plainMaps(map[string]interface{}(one))
	case map[string]interface{}:
		for key, inner := range one {
			one[key] = plainMaps(inner)
		}
		return one
	case []interface{}:
		for i, inner := range one {
			one[i] = plainMaps(inner)
		}
		return one
	default:
		return value
	}
}
