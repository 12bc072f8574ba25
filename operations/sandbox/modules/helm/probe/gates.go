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
const mostRenderings = 6000

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
	// crowds are, by unit, changes of all that it prints or may read at once, and crowded is what it renders then: a gate
	// that changes nothing of that is none for the unit.
	crowds  [][]change
	crowded []rendering
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
		// What only has its own place does not decide about others.
		if _, isSwitch := g.values[id].(bool); isSwitch {
			switches = append(switches, id)
		} else if one.alive() && !one.marked() {
			others = append(others, id)
		}
	}
	g.crowd()
	var all []gate
	most := r.renderings.Load() + mostRenderings
	for batch := range slices.Chunk(append(switches, others...), 8) {
		if r.renderings.Load() > most {
			break
		}
		found := make([]*gate, len(batch))
		each(len(batch), func(i int) { found[i] = g.of(batch[i]) })
		for _, one := range found {
			if one != nil {
				all = append(all, *one)
			}
		}
	}
	return all
}

func (g *gates) crowd() {
	units := len(g.scene.parsed.units)
	g.crowds, g.crowded = make([][]change, units), make([]rendering, units)
	each(units, func(at int) {
		// Where all at once fails, what is printed is enough.
		for _, printed := range []bool{false, true} {
			g.crowds[at] = nil
			for id, one := range g.effects {
				dead := !one.alive() && !one.fails && g.reads(at, id) && !isFalse(g.values[id]) && !printed
				if !one.charts && (dead || one.alive() && one.marked() && g.does(at, id)) {
					g.crowds[at] = append(g.crowds[at], change{g.leaves[id].Path, g.values[id]})
				}
			}
			if g.crowded[at] = g.with(at, g.crowds[at]); g.crowded[at].err == nil {
				return
			}
		}
	})
}

func (g *gates) with(at int, set []change) rendering {
	changed, err := g.renderer.apply(g.scene, set)
	if err != nil {
		return rendering{err: err}
	}
	return g.renderer.render(changed, g.scene.parsed.units[at], changed.values)
}

func (g *gates) does(at, id int) bool { _, known := g.effects[id].units[at]; return known }

// of is what the change of one leaf does to the others; nil where the chart fails over it.
func (g *gates) of(id int) *gate {
	made := &gate{Leaf: id, Value: g.values[id]}
	set := change{g.leaves[id].Path, g.values[id]}
	changed, err := g.renderer.apply(g.scene, []change{set})
	if err != nil {
		return nil
	}
	var others []int
	for other, one := range g.effects {
		if other != id && !one.fails && !one.charts {
			others = append(others, other)
		}
	}
	if changed.parsed != g.scene.parsed {
		made.Closes = only(others, func(other int) bool { return g.isGone(other, changed.parsed) })
		return made
	}
	var units []int
	for at := range g.scene.parsed.units {
		// What does something is asked for where it does that, and where what stands beside it does.
		isNear := func(other int) bool { return g.does(at, other) && g.isNear(id, other) }
		if !g.reads(at, id) || g.effects[id].alive() && !g.does(at, id) && !slices.ContainsFunc(others, isNear) {
			continue
		}
		if g.renderer.text(changed, at).err != nil {
			return nil
		}
		after := g.with(at, append(slices.Clone(g.crowds[at]), set))
		if g.crowded[at].err != nil || after.err != nil || !slices.Equal(after.texts, g.crowded[at].texts) {
			units = append(units, at)
		}
	}
	search := g.renderer.search(changed, g.leaves, func(other int) interface{} { return g.values[other] }, true)
	closed := func(other int) bool {
		for at := range g.effects[other].units {
			if !slices.Contains(units, at) {
				return false
			}
		}
		return g.effects[other].alive() && search.found[other] == nil && !search.failed[other]
	}
	look := func(wanted func(at, other int) bool) {
		each(len(units), func(i int) {
			search.look(units[i], only(others, func(other int) bool { return wanted(units[i], other) }))
		})
	}
	look(func(at, other int) bool { return g.effects[other].marked() && g.does(at, other) })
	look(func(at, other int) bool { return !g.effects[other].alive() && g.reads(at, other) })
	// What has no mark is changed alone: of much, what is near is looked at, what is beside something that is hidden, and what
	// stands where nothing is left.
	beside := []int{id}
	var alone []int
	for _, other := range others {
		if one := g.effects[other]; one.marked() && closed(other) {
			beside = append(beside, other)
		} else if !one.marked() && closed(other) {
			alone = append(alone, other)
		}
	}
	looked := map[int]bool{}
	for _, other := range others {
		looked[other] = g.effects[other].marked() || len(alone) <= mostAlone || g.isBlank(other, changed) ||
			slices.ContainsFunc(beside, func(one int) bool { return g.isNear(one, other) })
	}
	look(func(at, other int) bool { return looked[other] && !g.effects[other].marked() && g.does(at, other) })
	for _, other := range others {
		if looked[other] && closed(other) {
			made.Closes = append(made.Closes, other)
		} else if !g.effects[other].alive() && search.found[other] != nil && !search.failed[other] {
			made.Opens = append(made.Opens, other)
		} else if !looked[other] && closed(other) {
			made.Unseen = append(made.Unseen, other)
		}
	}
	return made
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
