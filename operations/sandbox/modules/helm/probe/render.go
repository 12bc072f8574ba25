package main

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/releaseutil"
)

// rendering is what came of one unit.
type rendering struct {
	texts []string
	err   error
	// digested are marks of values that digests in it are of: they may be printed where nobody sees them.
	digested map[int]bool
	// work is about what it takes, in units of ten nanoseconds: always the same, where time is not.
	work int
}

// seen are the marks that are in it.
func (r rendering) seen() map[int]bool {
	found := map[int]bool{}
	for _, text := range r.texts {
		unmark(text, found)
	}
	return found
}

// text is what a unit of a scene renders.
func (r *renderer) text(of *scene, at int) rendering {
	if known, ok := of.texts.Load(at); ok {
		return known.(rendering)
	}
	made := r.render(of, of.parsed.units[at], of.values)
	of.texts.Store(at, made)
	return made
}

// manifests says why Helm does not take what a scene renders for objects.
func (r *renderer) manifests(of *scene) error {
	files := map[string]string{}
	for at, unit := range of.parsed.units {
		for i, text := range r.text(of, at).texts {
			files[unit[i].name] = text
		}
	}
	_, _, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	return err
}

// settle finds out whether a template changes the values for those that are rendered after it, or has to find out for each anew
// what one of them leaves to the others: then all are one unit.
func (r *renderer) settle(of *scene) {
	if of.parsed.settled {
		return
	}
	of.parsed.settled = true
	var all unit
	changes := false
	for _, one := range of.parsed.units {
		all = append(all, one...)
		changes = changes || one[0].mentions.changes
	}
	if !changes {
		return
	}
	together := r.render(of, all, of.values)
	if together.err != nil {
		return
	}
	work := 0
	for i, one := range all {
		alone := r.render(of, unit{one}, of.values)
		work += alone.work
		if alone.err != nil || alone.texts[0] != together.texts[i] || work > mostShared*together.work {
			of.parsed.units = []unit{all}
			return
		}
	}
}

// What is found out anew by each file takes so many times what it takes once.
const mostShared = 4

// render renders files one after the other. Templates that may change values get those of their own.
func (r *renderer) render(scene *scene, wanted unit, values map[string]interface{}) rendering {
	r.working <- struct{}{}
	defer func() { <-r.working }()
	clone := scene.parsed.plain.take()
	defer scene.parsed.plain.give(clone)
	if wanted.changes() {
		values = clone.copies.of(values)
		defer clone.copies.putBack()
	}
	return r.run(clone, scene, wanted, values)
}

func (r *renderer) run(clone *clone, scene *scene, wanted unit, values map[string]interface{}) (made rendering) {
	defer func() {
		if failure := recover(); failure != nil {
			made.err = fmt.Errorf("%v", failure)
		}
	}()
	clone.digested, clone.work = map[int]bool{}, 0
	if wanted.changes() {
		made.work += workOfEntry * r.entries
	}
	// Those of one chart share what they have as their `.`.
	contexts := map[string]map[string]interface{}{}
	for _, one := range wanted {
		keys := strings.Join(one.keys, "\x00")
		context, folder := contexts[keys], one.folder
		if context == nil {
			context = r.context(scene, values, one.keys)
			contexts[keys] = context
		}
		context["Template"] = chartutil.Values{"Name": one.name, "BasePath": path.Join(folder, "templates")}
		var out strings.Builder
		if err := clone.templates.ExecuteTemplate(&out, one.name, context); err != nil {
			made.err = err
			return made
		}
		made.work += workOfFile + out.Len()/2
		text := strings.ReplaceAll(out.String(), "<no value>", "")
		// Nothing of the notes is deployed, and nothing of what is blank.
		if path.Base(one.name) == "NOTES.txt" || strings.TrimSpace(text) == "" {
			text = ""
		}
		// That a pod starts anew for a value does not say that it does something.
		if !scene.request.Strict {
			text = withoutChecksums(text)
		}
		made.texts = append(made.texts, text)
	}
	made.digested = clone.digested
	made.work += clone.work
	return made
}

var checksumPattern = regexp.MustCompile(`^[ \t]*["']?[\w./-]*checksum[\w./-]*["']?:`)

func withoutChecksums(text string) string {
	if !strings.Contains(text, "checksum") {
		return text
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "checksum") || !checksumPattern.MatchString(line) {
			out.WriteString(line)
		}
	}
	return out.String()
}

const (
	workOfFile    = 3000
	workOfEntry   = 15
	workOfInclude = 1000
	workOfChange  = 60
)

// context is what the templates of the chart at some keys have as their `.`.
func (r *renderer) context(scene *scene, values map[string]interface{}, keys []string) map[string]interface{} {
	for _, key := range keys {
		values = below(values, key)
	}
	return r.contextOf(scene, subchart(scene.chart, keys), values)
}

// subchart is the chart at some keys.
func subchart(of *chart.Chart, keys []string) *chart.Chart {
	for _, key := range keys {
		at := slices.IndexFunc(of.Dependencies(), func(inner *chart.Chart) bool { return inner.Name() == key })
		if at < 0 {
			return nil
		}
		of = of.Dependencies()[at]
	}
	return of
}

func below(values map[string]interface{}, key string) map[string]interface{} {
	inner, _ := values[key].(map[string]interface{})
	if inner == nil {
		inner = map[string]interface{}{}
	}
	return inner
}

func (r *renderer) contextOf(scene *scene, of *chart.Chart, values map[string]interface{}) map[string]interface{} {
	subcharts := map[string]interface{}{}
	for _, inner := range of.Dependencies() {
		subcharts[inner.Name()] = r.contextOf(scene, inner, below(values, inner.Name()))
	}
	return map[string]interface{}{
		"Chart": struct {
			chart.Metadata
			IsRoot bool
		}{*of.Metadata, of.IsRoot()},
		"Files": filesOf(of),
		"Release": map[string]interface{}{
			"Name": scene.request.Release, "Namespace": r.release, "IsUpgrade": scene.request.Upgrade,
			"IsInstall": !scene.request.Upgrade, "Revision": 1, "Service": "Helm",
		},
		"Capabilities": r.capabilities(scene.request),
		"Values":       chartutil.Values(values),
		"Subcharts":    subcharts,
	}
}

// clone are the templates for one rendering at a time.
type clone struct {
	templates *template.Template
	depths    map[string]int
	// evaluated are the templates that stand in values, by their text.
	evaluated map[string]*template.Template
	// documents are texts that were YAML, as what they are.
	documents map[string]map[string]interface{}
	digested  map[int]bool
	work      int
	copies    *copies
	// isTracing: its templates are rewritten to note in trace what they look at.
	isTracing bool
	trace     *trace
}

func newClone(templates *template.Template) *clone {
	return &clone{
		templates: template.Must(templates.Clone()), depths: map[string]int{}, evaluated: map[string]*template.Template{},
		documents: map[string]map[string]interface{}{}, copies: newCopies(),
	}
}

// clones are those that no rendering has at the time. A pool of the library would lose them with every collection of garbage.
type clones struct {
	mutex sync.Mutex
	ready []*clone
	make  func() *clone
}

func (c *clones) take() *clone {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	last := len(c.ready) - 1
	if last < 0 {
		return c.make()
	}
	one := c.ready[last]
	c.ready = c.ready[:last]
	return one
}

func (c *clones) give(one *clone) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.ready = append(c.ready, one)
}

const (
	deepestInclude = 1000
	mostDocuments  = 500
)

// around keeps the marks in a text out of what a function makes of it.
func around(of func(string) string) func(string) string {
	return func(text string) string {
		found := map[int]bool{}
		made := of(unmark(text, found))
		for _, id := range slices.Sorted(maps.Keys(found)) {
			made += markOf(id)
		}
		return made
	}
}

func (c *clone) bind(templates *template.Template) {
	templates.Option("missingkey=zero")
	digest := func(of func([]byte) []byte) func(string) string {
		return func(text string) string { return hex.EncodeToString(of([]byte(unmark(text, c.digested)))) }
	}
	own := template.FuncMap{
		"include": func(name string, data interface{}) (string, error) {
			if c.depths[name] > deepestInclude {
				return "", fmt.Errorf("%s includes itself without an end", name)
			}
			c.depths[name]++
			defer func() { c.depths[name]-- }()
			var out strings.Builder
			err := templates.ExecuteTemplate(&out, name, data)
			c.work += workOfInclude + out.Len()/2
			return out.String(), err
		},
		"tpl": func(text string, data interface{}) (string, error) {
			if !strings.Contains(text, "{{") {
				return text, nil
			}
			evaluated, err := c.evaluate(templates, text)
			if err != nil {
				return "", err
			}
			var out strings.Builder
			err = evaluated.Execute(&out, data)
			return strings.ReplaceAll(out.String(), "<no value>", ""), err
		},
		"toYaml": func(v interface{}) string {
			text := toYAML(v)
			c.work += 10 * len(text)
			return text
		},
		"fromYaml": func(text string) map[string]interface{} {
			c.work += 4 * len(text)
			known := c.documents[text]
			if known == nil {
				if len(c.documents) > mostDocuments {
					clear(c.documents)
				}
				known = fromYAML(text)
				c.documents[text] = known
			}
			return deepCopy(known).(map[string]interface{})
		},
		// What is marked cannot be seen in these: it stands behind them.
		"b64enc": around(func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }),
		"b64dec": around(func(text string) string {
			data, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return err.Error()
			}
			return string(data)
		}),
		"sha256sum": digest(func(text []byte) []byte {
			sum := sha256.Sum256(text)
			return sum[:]
		}),
		"sha1sum": digest(func(text []byte) []byte {
			sum := sha1.Sum(text)
			return sum[:]
		}),
	}
	maps.Copy(own, c.copies.functions())
	if c.isTracing {
		all := helmFunctions()
		maps.Copy(all, own)
		own = c.tracing(all)
		for _, name := range []string{"include", "tpl"} {
			own[name] = all[name]
		}
	}
	templates.Funcs(own)
}

// evaluate parses a value that is a template, which Helm calls gotpl. Only one that defines templates needs a set of its own.
func (c *clone) evaluate(templates *template.Template, text string) (*template.Template, error) {
	if known := c.evaluated[text]; known != nil {
		return known, nil
	}
	if strings.Contains(text, "define") || strings.Contains(text, "block") {
		own, err := templates.Clone()
		if err != nil {
			return nil, err
		}
		c.bind(own)
		made, err := own.New(templates.Name()).Parse(text)
		if err == nil && c.isTracing {
			rewritten(made.Root)
		}
		return made, err
	}
	made, err := templates.New(fmt.Sprintf("gotpl-%d", len(c.evaluated))).Parse(text)
	if err == nil {
		if c.isTracing {
			rewritten(made.Root)
		}
		c.evaluated[text] = made
	}
	return made, err
}
