package main

import (
	"fmt"
	"slices"
)

// gate is what the change of one leaf does to what others do.
type gate struct {
	Leaf  int         `json:"leaf"`
	Value interface{} `json:"value"`
	// Closes are leaves that do something, and nothing when this one is changed.
	Closes []int `json:"closes,omitempty"`
	// Opens are leaves that do nothing, and something when this one is changed.
	Opens []int `json:"opens,omitempty"`
	// Unseen are leaves that do something, and may do nothing when this one is changed: it was not looked at.
	Unseen []int `json:"unseen,omitempty"`
}

// A chart with hundreds of switches would be rendered for minutes: beyond this, what they do to others is not known.
const mostWork = 100_000_000

const mostAlone = 20

// gates looks for what the change of one leaf of a scene does to the others.
type gates struct {
	renderer *renderer
	scene    *scene
	leaves   []leaf
	effects  []*effect
	// values are those that the leaves are changed to.
	values []interface{}
	reads  reading
	crowds []crowd
}

// crowd is one unit with a mark in the place of everything that it prints or may read: what is seen of them there needs not
// be looked at one by one.
type crowd struct {
	set   []change
	scene *scene
	texts []string
	seen  map[int]bool
}

// gates says of each leaf what its change does to what the others do, after effects has looked at them.
func (r *renderer) gates(of *scene, leaves []leaf, reads reading) []gate {
	g := &gates{renderer: r, scene: of, leaves: leaves, reads: reads}
	r.mutex.Lock()
	for _, one := range leaves {
		g.effects = append(g.effects, of.effects[one.place()])
	}
	r.mutex.Unlock()
	var switches, others []int
	for id, one := range g.effects {
		g.values = append(g.values, leaves[id].Values[0])
		if one.alive() {
			g.values[id] = one.value
		}
		before := valueAt(of.values, leaves[id].Path)
		// What only has its own place does not decide about others, but for the number of one or none.
		if _, isSwitch := g.values[id].(bool); isSwitch {
			switches = append(switches, id)
		} else if one.alive() && (!one.marked() || before == 0.0 || before == 1.0) {
			others = append(others, id)
		}
	}
	g.crowds = make([]crowd, len(of.parsed.units))
	each(len(g.crowds), g.crowd)
	var all []gate
	work := 0
	for batch := range slices.Chunk(append(switches, others...), 2) {
		if work > mostWork {
			break
		}
		found, took := make([]*gate, len(batch)), make([]int, len(batch))
		each(len(batch), func(i int) { found[i], took[i] = g.of(batch[i]) })
		for i, one := range found {
			work += took[i]
			if one != nil {
				all = append(all, *one)
			}
		}
	}
	return all
}

// crowd brings together as many leaves as render together.
func (g *gates) crowd(at int) {
	made := &g.crowds[at]
	*made = crowd{scene: g.scene, texts: g.renderer.text(g.scene, at).texts}
	var add func([]change)
	add = func(more []change) {
		set := append(slices.Clone(made.set), more...)
		together, err := g.renderer.apply(g.scene, set)
		var after rendering
		if err == nil {
			after = g.renderer.render(together, g.scene.parsed.units[at], together.values)
			err = after.err
		}
		if err == nil {
			*made = crowd{set, together, after.texts, after.seen()}
		} else if len(more) > 1 {
			half := (len(more) + 1) / 2
			add(more[:half])
			add(more[half:])
		}
	}
	var all []change
	for id, one := range g.effects {
		marked, hasMark := deepMark(id, valueAt(g.scene.values, g.leaves[id].Path), g.values[id])
		isDead := !one.alive() && !one.fails && g.reads(at, id) && !isFalse(g.values[id])
		if !one.charts && (isDead || g.does(at, id) && hasMark) {
			all = append(all, change{g.leaves[id].Path, marked})
		}
	}
	add(all)
}

// with is a unit with a crowd, and one change more.
func (g *gates) with(at int, set change) rendering {
	changed, err := g.renderer.apply(g.crowds[at].scene, []change{set})
	if err != nil {
		return rendering{err: err}
	}
	return g.renderer.render(changed, g.scene.parsed.units[at], changed.values)
}

func (g *gates) does(at, id int) bool { _, known := g.effects[id].units[at]; return known }

// of is what the change of one leaf does to the others, nil where the chart fails over it, and the work that this took.
func (g *gates) of(id int) (*gate, int) {
	made := &gate{Leaf: id, Value: g.values[id]}
	set := change{g.leaves[id].Path, g.values[id]}
	changed, err := g.renderer.apply(g.scene, []change{set})
	if err != nil {
		return nil, workOfFile
	}
	var live, dead []int
	for other, one := range g.effects {
		if other != id && !one.fails && !one.charts {
			if one.alive() {
				live = append(live, other)
			} else {
				dead = append(dead, other)
			}
		}
	}
	if changed.parsed != g.scene.parsed {
		made.Closes = only(live, func(other int) bool { return g.isGone(other, changed.parsed) })
		return made, workOfFile
	}
	var units []int
	work := 0
	differs, seen := map[int]bool{}, map[int]map[int]bool{}
	for at := range g.scene.parsed.units {
		if !g.reads(at, id) {
			continue
		}
		work += 2 * g.renderer.text(g.scene, at).work
		alone := g.renderer.text(changed, at)
		if alone.err != nil {
			return nil, work
		}
		units = append(units, at)
		after := g.with(at, set)
		differs[at] = after.err != nil || !slices.Equal(after.texts, g.crowds[at].texts) ||
			!slices.Equal(alone.texts, g.renderer.text(g.scene, at).texts)
		seen[at] = after.seen()
	}
	// What cannot be gone needs not be looked at: it does something where the gate is not read, or is seen in the crowd.
	live = only(live, func(other int) bool {
		for at := range g.effects[other].units {
			if seen[at] == nil || seen[at][other] {
				return false
			}
		}
		return true
	})
	hasVanished := func(other int) bool {
		return slices.ContainsFunc(units, func(at int) bool { return g.crowds[at].seen[other] && g.does(at, other) })
	}
	isTouched := func(other int) bool {
		for at := range g.effects[other].units {
			if !differs[at] {
				return false
			}
		}
		return true
	}
	beside := append([]int{id}, only(live, hasVanished)...)
	isNear := func(other int) bool {
		return slices.ContainsFunc(beside, func(one int) bool { return g.isNear(one, other) })
	}
	alone := only(live, func(other int) bool { return !g.effects[other].marked() && !hasVanished(other) && isTouched(other) })
	looked := map[int]bool{}
	for _, other := range live {
		isCheap := g.effects[other].marked() || len(alone) <= mostAlone || g.isBlank(other, changed)
		looked[other] = hasVanished(other) || isNear(other) || isTouched(other) && isCheap
	}
	search := g.renderer.search(changed, g.leaves, func(other int) interface{} { return g.values[other] }, true)
	each(len(units), func(i int) {
		at := units[i]
		search.look(at, only(live, func(other int) bool { return looked[other] && g.does(at, other) }))
		search.look(at, only(dead, func(other int) bool {
			hasAppeared := seen[at][other] && !g.crowds[at].seen[other]
			return g.reads(at, other) && (differs[at] || hasAppeared || g.isNear(id, other))
		}))
	})
	isFound := func(other int) bool { return search.found[other] != nil && !search.failed[other] }
	isLost := func(other int) bool { return search.found[other] == nil && !search.failed[other] }
	made.Closes = only(live, func(other int) bool { return looked[other] && isLost(other) })
	made.Opens = only(dead, isFound)
	made.Unseen = only(live, func(other int) bool { return !looked[other] && isTouched(other) })
	return made, work + search.work
}

// isGone says whether nothing is left of the units that a leaf changes.
func (g *gates) isGone(id int, left *parsed) bool {
	for at := range g.effects[id].units {
		if slices.ContainsFunc(left.units, func(one unit) bool { return one[0].name == g.scene.parsed.units[at][0].name }) {
			return false
		}
	}
	return g.effects[id].alive()
}

// isBlank says whether nothing is rendered any more where a leaf does something.
func (g *gates) isBlank(id int, changed *scene) bool {
	for at := range g.effects[id].units {
		for _, text := range g.renderer.text(changed, at).texts {
			if text != "" {
				return false
			}
		}
	}
	return g.effects[id].alive()
}

// isNear says whether a leaf stands beside another one, or below that.
func (g *gates) isNear(id, other int) bool {
	holder, at := g.leaves[id].Path, g.leaves[other].Path
	holder = holder[:len(holder)-1]
	return len(holder) > 0 && len(at) > len(holder) && fmt.Sprint(at[:len(holder)]) == fmt.Sprint(holder)
}

func isFalse(value interface{}) bool {
	on, isSwitch := value.(bool)
	return isSwitch && !on
}
