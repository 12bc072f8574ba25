package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// leaf is one value, and others that may take its place.
type leaf struct {
	Path   []interface{} `json:"path"`
	Values []interface{} `json:"values"`
	// places are those on the way to it, from the top, its own last.
	places []string
}

func placesOf(path []interface{}) []string {
	places := []string{""}
	for i, key := range path {
		places = append(places, inside(places[i], key))
	}
	return places
}

func (l leaf) place() string { return fmt.Sprintf("%q", l.Path) }

// effect is what a leaf does in a scene.
type effect struct {
	// value is the one that does it.
	value interface{}
	units map[int]touch
	// charts: which charts there are changes.
	charts bool
	// changed is the scene in which they do, until its gates were looked for.
	changed *scene
	fails   bool
	// untried: it takes more work than is left.
	untried bool
}

// touch is what a leaf does to a unit.
type touch struct {
	// marked: nothing else changes than the place where the value is printed.
	marked bool
	// lines that are not what they were; none where the value is seen in another form alone.
	lines []int
}

func (e *effect) alive() bool { return len(e.units) > 0 || e.charts }

func (e *effect) marked() bool {
	for _, one := range e.units {
		if !one.marked {
			return false
		}
	}
	return !e.charts
}

// What a leaf does, as it is told.
const (
	dead    = 0
	alive   = 1
	fails   = 2
	untried = 3
)

// Beside the first value of a leaf, one may change something where that of the same kind does not.
const mostValues = 5

// As many leaves that are marked are looked at with what it takes to look at one of the others, at least.
const leavesTogether = 8

// effects says of each leaf what it does in a scene.
//
// With everywhere, what seems to be read nowhere is held against all that is rendered.
func (r *renderer) effects(of *scene, leaves []leaf, reads reading, everywhere bool) []int {
	if r.left() < 0 {
		return slices.Repeat([]int{untried}, len(leaves))
	}
	effects := make([]*effect, len(leaves))
	var plain, deciding []int
	for id, one := range leaves {
		effects[id] = &effect{}
		if r.decides(change{one.Path, one.Values[0]}) {
			deciding = append(deciding, id)
		} else {
			plain = append(plain, id)
		}
	}
	traces := make([]*trace, len(of.parsed.units))
	if !of.together {
		r.traceAll(of)
		traces = of.traces
	}
	each(len(deciding), func(i int) { effects[deciding[i]] = r.decision(of, leaves[deciding[i]]) })
	isRead := func(at, id int) bool {
		if traces[at] == nil {
			return reads(at, id)
		}
		read, _ := traces[at].reads(leaves[id])
		return read
	}
	look := func(group []int, value func(int) interface{}, marks, elsewhere bool) {
		search := r.search(of, leaves, value, marks)
		search.isRead = readBy(traces, leaves)
		groups := make([][]int, len(of.parsed.units))
		largest := 0
		for at := range groups {
			groups[at] = only(group, func(id int) bool {
				if elsewhere {
					return !reads(at, id)
				}
				return isRead(at, id)
			})
			if len(groups[at]) > len(groups[largest]) {
				largest = at
			}
		}
		// What fails in one unit is not tried in the others.
		search.look(largest, groups[largest])
		hasFailed := maps.Clone(search.failed)
		each(len(groups), func(at int) {
			if at != largest {
				search.look(at, only(groups[at], func(id int) bool { return !hasFailed[id] }))
			}
		})
		for _, id := range group {
			effects[id].fails = effects[id].fails || search.failed[id]
			if !search.failed[id] && search.found[id] != nil {
				effects[id].value, effects[id].units = value(id), search.found[id]
			}
		}
	}
	isDead := func(id int) bool { return !effects[id].alive() }
	first := func(id int) interface{} { return leaves[id].Values[0] }
	// One request takes no more than half of what is left: what costs most is not tried.
	affordable := func(group []int, isAlone func(id int) bool) []int {
		if of.together {
			return group
		}
		costs := map[int]int64{}
		for at := range of.parsed.units {
			work := int64(r.work(of, at))
			for _, id := range group {
				if isRead(at, id) {
					if isAlone(id) {
						costs[id] += work
					} else {
						costs[id] += work / leavesTogether
					}
				}
			}
		}
		left := r.left() / 2
		sorted := slices.Clone(group)
		slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(costs[a], costs[b]) })
		for i, id := range sorted {
			if left -= costs[id]; left < 0 {
				for _, dear := range sorted[i:] {
					effects[dear].untried = true
				}
				sorted = sorted[:i]
				break
			}
		}
		slices.Sort(sorted)
		return sorted
	}
	plain = affordable(plain, func(id int) bool {
		_, hasMark := mark(id, valueAt(of.values, leaves[id].Path), first(id))
		return !hasMark
	})
	look(plain, first, true, false)
	values := mostValues
	if of.together {
		values = 1
	}
	for i := range values {
		look(affordable(only(plain, func(id int) bool {
			// A number may lose the decimals that mark it.
			_, isNumber := first(id).(float64)
			return isDead(id) && i < len(leaves[id].Values) && (i > 0 || isNumber)
		}), func(int) bool { return true }), func(id int) interface{} { return leaves[id].Values[i] }, false, false)
	}
	if everywhere {
		look(only(plain, isDead), first, true, true)
	}
	states := make([]int, len(leaves))
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for id, one := range effects {
		of.effects[leaves[id].place()] = one
		if !everywhere {
			one.changed = nil
		}
		if one.alive() {
			states[id] = alive
		} else if one.fails {
			states[id] = fails
		} else if one.untried {
			states[id] = untried
		}
	}
	return states
}

// decision is the effect of what may decide which charts there are: all is rendered anew.
func (r *renderer) decision(of *scene, one leaf) *effect {
	made := &effect{}
	for _, value := range one.Values {
		changed, err := r.apply(of, []change{{one.Path, value}})
		if err != nil {
			made.fails = true
			continue
		}
		made.value, made.charts, made.changed = value, of.parsed != changed.parsed, nil
		if made.charts {
			if differ, err := r.differ(of, changed); err != nil {
				made.fails, made.charts = true, false
			} else {
				made.charts, made.changed = differ, changed
			}
		} else {
			r.reuse(changed, of)
			made.units = map[int]touch{}
			for at := range of.parsed.units {
				after := r.text(changed, at)
				if after.err != nil {
					made.fails, made.units = true, nil
					break
				}
				if before := r.text(of, at).texts; !slices.Equal(after.texts, before) {
					made.units[at] = touch{lines: changedLines(before, after.texts, true)}
				}
			}
		}
		if made.alive() {
			return made
		}
	}
	return made
}

// differ says whether two scenes of other charts render otherwise.
func (r *renderer) differ(one, other *scene) (bool, error) {
	texts := [2]map[string]string{{}, {}}
	for i, of := range []*scene{one, other} {
		for at, files := range of.parsed.units {
			made := r.text(of, at)
			if made.err != nil {
				return true, made.err
			}
			for j, text := range made.texts {
				if text != "" {
					texts[i][files[j].name] = text
				}
			}
		}
	}
	if len(texts[0]) != len(texts[1]) {
		return true, nil
	}
	for name, text := range texts[0] {
		if texts[1][name] != text {
			return true, nil
		}
	}
	return false, nil
}

// reading says whether a unit may read a leaf.
type reading func(at, id int) bool

func (s *scene) reading(leaves []leaf) reading {
	evaluated := map[string]bool{}
	evaluatedWords(s.values, evaluated)
	known := make([][]bool, len(s.parsed.units))
	for at, one := range s.parsed.units {
		known[at] = make([]bool, len(leaves))
		for id, leaf := range leaves {
			known[at][id] = one.reads(leaf.Path, evaluated)
		}
	}
	return func(at, id int) bool { return known[at][id] }
}
