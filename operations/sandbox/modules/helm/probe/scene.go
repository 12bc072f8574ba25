package main

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"text/template/parse"

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
	// imported are the values of charts that those above them take over.
	imported []string
	// entries of the maps and lists in the chart's own values, and charts that it is made of.
	entries, charts int
	// most is the work after which all is left as it was found out by then, as if the chart failed over the other leaves.
	most int64
	// kept is what there is beside it for leaves that are looked at together.
	kept int64
	// spent is the work of all that was looked for.
	spent atomic.Int64
	// deciding: whether values have a say in which charts there are, by their place.
	deciding sync.Map
	mutex    sync.Mutex
	scenes   map[string]*scene
	lasting  []*scene
	// decided are scenes in which nothing is set but what decides which charts there are.
	decided map[string]*scene
	// parsed by the names of the files.
	parsed map[string]*parsed
	// sources are those files, each parsed once, by their name.
	sources map[string]*source
	// working are the renderings that go on at the same time: as many as there are processors.
	working chan struct{}
}

// scene is a set of values, and what the chart makes of it.
type scene struct {
	request request
	// together: see request.
	together bool
	// set is what differs from the values of the request.
	set    []change
	chart  *chart.Chart
	values map[string]interface{}
	parsed *parsed
	// texts by unit, each rendered when it is needed first.
	texts sync.Map
	// own are the values for units that do not change them, made when they are needed first.
	own  placed
	once sync.Once
	// traces by unit, once they are known, nil where what it looks at is not; before that, those of other scenes.
	traces, reused []*trace
	tracing        sync.Mutex
	// effects of leaves that were looked at, by their place.
	effects map[string]*effect
}

// file is one file of templates, and the chart that it belongs to.
type file struct {
	name     string
	folder   string
	keys     []string
	mentions mentions
}

// source is what one file defines, which no rendering changes.
type source struct {
	trees []*parse.Tree
	// mentions and includes of each by its name, and what notes where it looks.
	mentions  map[string]*mentions
	includes  map[string][]string
	rewritten []*parse.Tree
}

// unit are files that are rendered together, since what comes first may change the values of what comes after it.
type unit []file

// changes says whether a template of it may change the values that it is given.
func (u unit) changes() bool { return len(u) > 1 || u[0].mentions.changes }

// parsed are the templates of a chart with those of its subcharts that are on.
type parsed struct {
	units     []unit
	templates *template.Template
	plain     clones
	tracers   clones
	// calls of functions that a unit makes at least, as far as it was traced.
	calls []int
	// failed is the unit over which a scene failed last.
	failed int
	// settled: it is known whether the order of the files matters.
	settled bool
}

func newRenderer(archive, release, version string, most int64) (*renderer, error) {
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
		chart: loaded, release: release, most: most - most/keptForTogether, kept: most / keptForTogether, plain: plain, everything: everything,
		switches: map[string]bool{}, scenes: map[string]*scene{}, decided: map[string]*scene{}, parsed: map[string]*parsed{},
		sources: map[string]*source{},
		working: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	one.findSwitches(loaded, "")
	one.entries, one.charts = sizeOf(loaded)
	return one, nil
}

// left is the work that may still be done.
func (r *renderer) left() int64 { return r.most - r.spent.Load() }

// One part of so many of the work is kept for leaves that are looked at together.
const keptForTogether = 5

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

func sizeOf(of *chart.Chart) (entries, charts int) {
	entries, charts = len(newPlaced(of.Values).places), 1
	for _, inner := range of.Dependencies() {
		innerEntries, innerCharts := sizeOf(inner)
		entries, charts = entries+innerEntries, charts+innerCharts
	}
	return entries, charts
}

func (r *renderer) findSwitches(of *chart.Chart, prefix string) {
	for _, dependency := range of.Metadata.Dependencies {
		for _, condition := range strings.Split(dependency.Condition, ",") {
			r.switches[prefix+strings.TrimSpace(condition)] = true
		}
		name := dependency.Name
		if dependency.Alias != "" {
			name = dependency.Alias
		}
		for _, one := range dependency.ImportValues {
			child := fmt.Sprintf("exports.%v", one)
			if named, isMap := one.(map[string]interface{}); isMap {
				child = fmt.Sprint(named["child"])
			}
			r.imported = append(r.imported, prefix+name+"."+child)
		}
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

// prepare is what is to be rendered of values that a person sets, as Helm does it.
func (r *renderer) prepare(of request, user map[string]interface{}) (*scene, error) {
	r.spent.Add(int64(workOfPrepared * r.entries * r.charts))
	copied := cloneChart(r.chart)
	user = deepCopy(user).(map[string]interface{})
	if err := chartutil.ProcessDependenciesWithMerge(copied, user); err != nil {
		return nil, err
	}
	options := chartutil.ReleaseOptions{
		Name: of.Release, Namespace: r.release, Revision: 1, IsInstall: !of.Upgrade, IsUpgrade: of.Upgrade,
	}
	top, err := chartutil.ToRenderValuesWithSchemaValidation(copied, user, options, r.capabilities(of), !of.Strict)
	if err != nil {
		return nil, err
	}
	templates, err := r.parse(copied)
	if err != nil {
		return nil, err
	}
	values, _ := plainMaps(top["Values"]).(map[string]interface{})
	of.Values = user
	return &scene{request: of, chart: copied, values: values, parsed: templates}, nil
}

func (r *renderer) capabilities(of request) *chartutil.Capabilities {
	if of.APIs {
		return r.everything
	}
	return r.plain
}

// apply is a scene where some values differ.
func (r *renderer) apply(from *scene, set []change) (*scene, error) {
	rebuilt := false
	for _, one := range set {
		rebuilt = rebuilt || r.decides(one)
	}
	if rebuilt {
		user := interface{}(from.request.Values)
		for _, one := range slices.Concat(from.set, set) {
			user = with(user, from.values, one.Path, one.Value)
		}
		of := from.request
		of.Values, _ = user.(map[string]interface{})
		return r.made(of, false)
	}
	all := slices.Clone(set)
	for _, one := range set {
		at := slices.Index(one.Path, interface{}("global"))
		if at < 0 {
			continue
		}
		keys := make([]string, at)
		for i, key := range one.Path[:at] {
			keys[i] = nameOf(key)
		}
		if of := subchart(from.chart, keys); of != nil {
			all = append(all, globals(of, one.Path[:at], one.Path[at:], one.Value)...)
		}
	}
	values, _ := withAll(from.values, all, 0).(map[string]interface{})
	return &scene{
		request: from.request, set: slices.Concat(from.set, set), chart: from.chart, values: values, parsed: from.parsed,
	}, nil
}

// globals are what those below a chart get of what is global in it, as Helm does it.
func globals(of *chart.Chart, keys, at []interface{}, value interface{}) []change {
	var found []change
	for _, inner := range of.Dependencies() {
		below := append(slices.Clone(keys), inner.Name())
		found = append(found, change{append(slices.Clone(below), at...), value})
		found = append(found, globals(inner, below, at, value)...)
	}
	return found
}

// decides says whether a value may have a say in which charts there are.
func (r *renderer) decides(one change) bool {
	keys := make([]string, len(one.Path))
	for i, key := range one.Path {
		keys[i] = nameOf(key)
		if keys[i] == "tags" {
			return true
		}
	}
	joined := strings.Join(keys, ".")
	if one.Value == nil {
		return true
	}
	if known, ok := r.deciding.Load(joined); ok {
		return known.(bool)
	}
	decides := r.hasSay(joined)
	r.deciding.Store(joined, decides)
	return decides
}

func (r *renderer) hasSay(joined string) bool {
	for name := range r.switches {
		if name == joined || strings.HasPrefix(name, joined+".") {
			return true
		}
	}
	for _, name := range r.imported {
		if strings.HasPrefix(joined+".", name+".") || strings.HasPrefix(name, joined+".") {
			return true
		}
	}
	return false
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
			files = append(files, file{name: name, folder: one.ChartFullPath(), keys: keys})
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
	sources := make([]*source, len(files))
	for i, one := range files {
		if r.sources[one.name] == nil {
			made, err := newSource(one.name, texts[one.name])
			if err != nil {
				return nil, err
			}
			r.sources[one.name] = made
		}
		sources[i] = r.sources[one.name]
		if err := addTrees(templates, sources[i].trees); err != nil {
			return nil, err
		}
	}
	finder := newMentionsFinder(sources)
	made := &parsed{templates: templates}
	made.plain.make = func() *clone {
		one := newClone(templates)
		one.bind(one.templates)
		return one
	}
	made.tracers.make = func() *clone { return newTracer(templates, sources) }
	for _, one := range files {
		if !strings.HasPrefix(path.Base(one.name), "_") {
			one.mentions = finder.of(one.name)
			made.units = append(made.units, unit{one})
		}
	}
	r.parsed[key] = made
	return made, nil
}

func newSource(name, text string) (*source, error) {
	templates, err := template.New(name).Funcs(helmFunctions()).Parse(text)
	if err != nil {
		return nil, err
	}
	withoutDigests(templates)
	made := &source{mentions: map[string]*mentions{}, includes: map[string][]string{}}
	for _, one := range templates.Templates() {
		if one.Tree == nil || one.Root == nil {
			continue
		}
		made.trees = append(made.trees, one.Tree)
		made.mention(one.Tree)
		copied := one.Tree.Copy()
		rewritten(copied.Root)
		made.rewritten = append(made.rewritten, copied)
	}
	return made, nil
}

func addTrees(to *template.Template, trees []*parse.Tree) error {
	for _, one := range trees {
		if _, err := to.AddParseTree(one.Name, one); err != nil {
			return err
		}
	}
	return nil
}

func cloneChart(of *chart.Chart) *chart.Chart {
	copied := *of
	metadata := *of.Metadata
	metadata.Dependencies = nil
	for _, one := range of.Metadata.Dependencies {
		dependency := *one
		metadata.Dependencies = append(metadata.Dependencies, &dependency)
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
