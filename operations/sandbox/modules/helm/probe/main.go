// The probe renders one chart again and again, with one value changed each time, and says whether what is rendered changed.
//
// It loads and parses the chart once, as Helm does, and answers requests that it reads from its standard input, one JSON
// object a line, in the order in which they are done.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"syscall"
)

// request asks for one rendering.
type request struct {
	ID int `json:"id"`
	// Base is the name of a set of values: a request with Values makes it, all others start from it.
	Base string `json:"base"`
	// Values are those that a person would set; the chart's own are below them.
	Values map[string]interface{} `json:"values"`
	// APIs says whether the cluster of the base has every API that the chart asks for.
	APIs bool `json:"apis"`
	// Release is the name of the release, that of the chart where it is not said.
	Release string `json:"release"`
	// Upgrade says whether a release is there already in the base.
	Upgrade bool `json:"upgrade"`
	// Together says that leaves most likely do nothing in the base, so that all of them are looked at together: that takes
	// little, and some work is kept for it.
	Together bool `json:"together"`
	// Strict asks the chart's JSON schemas as well, and holds each file to be YAML.
	Strict bool `json:"strict"`
	// Set are the values that differ from the base.
	Set []change `json:"set"`
	// Full renders all, and not only what seems to read one of the values that differ.
	Full bool `json:"full"`
	// Leaves are to be told what they do, with other values in their place.
	Leaves []leaf `json:"leaves"`
	// Gates says whether it is to be told as well what each does to what the others do.
	Gates bool `json:"gates"`
}

// change is one value that differs from a base: at keys of maps and positions in lists.
type change struct {
	Path  []interface{} `json:"path"`
	Value interface{}   `json:"value"`
}

// answer says what came of a request.
type answer struct {
	ID int `json:"id"`
	// Changed says whether the rendering differs from the base's. A rendering that fails differs.
	Changed bool `json:"changed"`
	// States are those of the leaves: 0 where it does nothing, 1 where it changes something, 2 where it fails, 3 where it takes more work than is left.
	States []int `json:"states,omitempty"`
	// Gates are the leaves that have a say in what others do.
	Gates []gate `json:"gates,omitempty"`
	// Error is why it does not render.
	Error string `json:"error,omitempty"`
	// Seconds of processor time that the program took until now.
	Seconds float64 `json:"seconds"`
}

// Beyond this, garbage is collected more often: a chart of 17 charts would have twice as many bytes otherwise.
const mostMemory = 3 << 29

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: probe CHART.tgz RELEASE KUBERNETES-VERSION MOST-WORK")
		os.Exit(2)
	}
	most, err := strconv.ParseInt(os.Args[4], 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(mostMemory)
	renderer, err := newRenderer(os.Args[1], os.Args[2], os.Args[3], most)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out := json.NewEncoder(os.Stdout)
	var writing sync.Mutex
	reply := func(one answer) {
		writing.Lock()
		defer writing.Unlock()
		var used syscall.Rusage
		if syscall.Getrusage(syscall.RUSAGE_SELF, &used) == nil {
			one.Seconds = float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
		}
		_ = out.Encode(one)
	}
	var working sync.WaitGroup
	decoder := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	for {
		var one request
		// Who asked is gone, and waits for no answer.
		if err := decoder.Decode(&one); err != nil {
			return
		}
		if one.Values != nil {
			// What follows may ask for it.
			working.Wait()
			reply(renderer.define(one))
			continue
		}
		working.Add(1)
		go func() {
			defer working.Done()
			reply(renderer.answer(one))
		}()
	}
}

// define makes a base.
func (r *renderer) define(one request) answer {
	if one.Together && r.kept > 0 {
		r.most, r.kept = r.spent.Load()+r.kept, 0
	}
	if r.left() < 0 {
		return answer{ID: one.ID, Error: "no work is left"}
	}
	if one.Release == "" {
		one.Release = r.release
	}
	made, err := r.made(one, true)
	if err != nil {
		return answer{ID: one.ID, Error: err.Error()}
	}
	made.together = one.Together
	r.settle(made)
	if made.parsed.calls == nil {
		made.parsed.calls = make([]int, len(made.parsed.units))
	}
	r.reuse(made, r.others()...)
	failures := make([]error, len(made.parsed.units))
	render := func(at int) {
		rendered := r.text(made, at)
		failures[at] = rendered.err
		if made.reused[at] == nil {
			r.spent.Add(int64(rendered.work))
		}
	}
	// What failed before fails again, mostly.
	if at := made.parsed.failed; at < len(failures) {
		if render(at); failures[at] != nil {
			return answer{ID: one.ID, Error: failures[at].Error()}
		}
	}
	each(len(failures), func(at int) {
		if at != made.parsed.failed {
			render(at)
		}
	})
	for at, err := range failures {
		if err != nil {
			made.parsed.failed = at
			return answer{ID: one.ID, Error: err.Error()}
		}
	}
	if one.Strict {
		if err := r.manifests(made); err != nil {
			return answer{ID: one.ID, Error: err.Error()}
		}
	}
	made.effects = map[string]*effect{}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.scenes[one.Base] = made
	return answer{ID: one.ID}
}

func (r *renderer) answer(one request) (result answer) {
	result.ID = one.ID
	r.mutex.Lock()
	from := r.scenes[one.Base]
	r.mutex.Unlock()
	if from == nil {
		result.Error = "no such base: " + one.Base
		return result
	}
	if one.Leaves != nil {
		for i := range one.Leaves {
			one.Leaves[i].places = placesOf(one.Leaves[i].Path)
		}
		reads := from.reading(one.Leaves)
		result.States = r.effects(from, one.Leaves, reads, one.Gates)
		if one.Gates && r.left() > 0 {
			result.Gates = r.gates(from, one.Leaves, reads)
		}
		return result
	}
	changed, err := r.apply(from, one.Set)
	if err != nil {
		return answer{ID: one.ID, Changed: true, Error: err.Error()}
	}
	if changed.parsed != from.parsed {
		result.Changed, err = r.differ(from, changed)
	}
	set := make([]leaf, len(one.Set))
	for i, change := range one.Set {
		set[i].Path = change.Path
	}
	reads := from.reading(set)
	for at := range from.parsed.units {
		if result.Changed || changed.parsed != from.parsed {
			break
		}
		wanted := one.Full
		for id := range set {
			wanted = wanted || reads(at, id)
		}
		if wanted {
			after := r.text(changed, at)
			err = after.err
			result.Changed = err != nil || !slices.Equal(after.texts, r.text(from, at).texts)
		}
	}
	if err != nil {
		result.Error = err.Error()
	}
	return result
}
