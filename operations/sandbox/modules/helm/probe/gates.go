package main

import "slices"

// gate is what the change of one leaf does to what others do.
type gate struct {
	Leaf  int         `json:"leaf"`
	Value interface{} `json:"value"`
	// Closes are leaves that do something, and nothing when this one is changed.
	Closes []int `json:"closes,omitempty"`
	// Opens are leaves that do nothing, and something when this one is changed.
	Opens []int `json:"opens,omitempty"`
}

const mostOfGates = 100_000_000

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
	// traced: what a unit looks at is known.
	traced []bool
}

// crowd is one unit with a mark in the place of everything that it prints or may read: what is seen of them there needs not
// be looked at one by one.
type crowd struct {
	set   []change
	ids   map[int]bool
	scene *scene
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
	g.crowds, g.traced = make([]crowd, len(of.parsed.units)), make([]bool, len(of.parsed.units))
	each(len(g.crowds), func(at int) {
		g.crowd(at)
		g.traced[at] = of.traces[at] != nil
	})
	most := min(mostOfGates, r.left()/3)
	all := append(switches, others...)
	units, work := g.units(all)
	var found []gate
	for batch := range slices.Chunk(all, 2) {
		// A chart with hundreds of switches would be rendered for minutes: beyond this, what they do to others is not known.
		if int64(work) > most {
			break
		}
		made, took := make([]*gate, len(batch)), make([]int, len(batch))
		each(len(batch), func(i int) { made[i], took[i] = g.of(batch[i], units[batch[i]]) })
		for i, one := range made {
			work += took[i]
			if one != nil {
				found = append(found, *one)
			}
		}
	}
	return found
}

// crowd brings together as many leaves as render together.
func (g *gates) crowd(at int) {
	made := &g.crowds[at]
	*made = crowd{scene: g.scene, ids: map[int]bool{}}
	var add func([]int)
	add = func(more []int) {
		set := slices.Clone(made.set)
		for _, id := range more {
			marked, _ := deepMark(id, valueAt(g.scene.values, g.leaves[id].Path), g.values[id])
			set = append(set, change{g.leaves[id].Path, marked})
		}
		together, err := g.renderer.apply(g.scene, set)
		var after rendering
		if err == nil {
			after = g.renderer.text(together, at)
			err = after.err
		}
		if err == nil {
			*made = crowd{set, made.ids, together, after.seen()}
			for _, id := range more {
				made.ids[id] = true
			}
		} else if len(more) > 1 {
			half := (len(more) + 1) / 2
			add(more[:half])
			add(more[half:])
		}
	}
	var all []int
	for id, one := range g.effects {
		isDead := !one.alive() && !one.fails && !one.untried && g.reads(at, id) && !isFalse(g.values[id])
		if !one.charts && (isDead || g.does(at, id) && g.hasMark(id)) {
			all = append(all, id)
		}
	}
	add(all)
}

func (g *gates) hasMark(id int) bool {
	_, hasMark := deepMark(id, valueAt(g.scene.values, g.leaves[id].Path), g.values[id])
	return hasMark
}

// turned is what a leaf is changed to in a crowd: a switch that is on there already is off again.
func (g *gates) turned(at, id int) interface{} {
	if _, isSwitch := g.values[id].(bool); isSwitch && g.crowds[at].ids[id] {
		return valueAt(g.scene.values, g.leaves[id].Path)
	}
	return g.values[id]
}

// units are those, by leaf, that it changes, alone or in their crowd: nothing is closed or opened in another one.
func (g *gates) units(ids []int) (map[int][]int, int) {
	plain := only(ids, func(id int) bool {
		return !g.effects[id].charts && !g.renderer.decides(change{g.leaves[id].Path, g.values[id]})
	})
	look := func(at int, in *scene, traces []*trace, of []int, value func(int) interface{}) *search {
		search := g.renderer.search(in, g.leaves, value, false)
		search.isRead = readBy(traces, g.leaves)
		search.look(at, only(of, func(id int) bool { return g.isRead(traces, at, id) && !g.does(at, id) }))
		return search
	}
	inCrowd, alone := make([]*search, len(g.crowds)), make([]*search, len(g.crowds))
	each(len(g.crowds), func(at int) {
		crowd := g.crowds[at].scene
		traces := make([]*trace, len(g.crowds))
		traces[at] = g.renderer.trace(crowd, at)
		inCrowd[at] = look(at, crowd, traces, plain, func(id int) interface{} { return g.turned(at, id) })
		// What one unit fails over was not looked at in the others.
		failing := only(plain, func(id int) bool {
			return (g.effects[id].fails || g.effects[id].untried) && inCrowd[at].found[id] == nil
		})
		alone[at] = look(at, g.scene, g.scene.traces, failing, func(id int) interface{} { return g.values[id] })
	})
	units, work := map[int][]int{}, 0
	for at := range g.crowds {
		work += inCrowd[at].work + alone[at].work
		for _, id := range ids {
			if inCrowd[at].found[id] != nil || alone[at].found[id] != nil || g.does(at, id) {
				units[id] = append(units[id], at)
			}
		}
	}
	return units, work
}

func (g *gates) does(at, id int) bool { _, known := g.effects[id].units[at]; return known }

// of is what the change of one leaf does to the others in some units, nil where the chart fails over it, and the work that
// this took.
func (g *gates) of(id int, units []int) (*gate, int) {
	made := &gate{Leaf: id, Value: g.values[id]}
	changed := g.effects[id].changed
	g.effects[id].changed = nil
	if changed == nil {
		var err error
		if changed, err = g.renderer.apply(g.scene, []change{{g.leaves[id].Path, g.values[id]}}); err != nil {
			return nil, workOfFile
		}
	}
	var live, dead []int
	for other, one := range g.effects {
		if other != id && !one.fails && !one.untried && !one.charts {
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
	work := 0
	search := g.renderer.search(changed, g.leaves, func(other int) interface{} { return g.values[other] }, true)
	// By unit, the lines that are no more, and the marks in its crowd.
	lines, seen := map[int]map[int]bool{}, map[int]map[int]bool{}
	traces := make([]*trace, len(g.crowds))
	search.isRead = readBy(traces, g.leaves)
	for _, at := range units {
		before, crowd := g.renderer.text(g.scene, at), g.crowds[at]
		own := 2 * g.renderer.work(g.scene, at)
		if g.traced[at] {
			own += workOfTrace * g.renderer.work(g.scene, at)
		}
		work += own
		g.renderer.spent.Add(int64(own))
		var alone rendering
		if g.traced[at] {
			alone, traces[at] = g.renderer.traced(changed, at)
		}
		if traces[at] == nil || alone.err != nil {
			alone, traces[at] = g.renderer.text(changed, at), nil
		}
		if alone.err != nil {
			return nil, work
		}
		lines[at] = map[int]bool{}
		for _, line := range changedLines(before.texts, alone.texts, false) {
			lines[at][line] = true
		}
		if together, err := g.renderer.apply(crowd.scene, []change{{g.leaves[id].Path, g.turned(at, id)}}); err == nil {
			seen[at] = g.renderer.render(together, g.scene.parsed.units[at], together.values).seen()
		}
		isOther := !slices.Equal(alone.texts, before.texts)
		search.look(at, only(dead, func(other int) bool {
			isHidden := crowd.ids[other] && g.hasMark(other) && !seen[at][other]
			isOpened := seen[at][other] != crowd.seen[other] || g.isNear(id, other)
			return g.isRead(traces, at, other) && (isOther && !isHidden || isOpened)
		}))
	}
	search.isRead = readBy(nil, nil)
	// What does something where the gate changes nothing, or is still printed where it was, needs not be looked at.
	suspects := only(live, func(other int) bool {
		for at, how := range g.effects[other].units {
			isThere := g.isRead(traces, at, other)
			if seen[at] == nil || isThere && !g.isSuspect(at, other, how, lines[at], seen[at]) {
				return false
			}
		}
		return true
	})
	for _, at := range units {
		search.look(at, only(suspects, func(other int) bool { return g.does(at, other) && g.isRead(traces, at, other) }))
	}
	made.Closes = only(suspects, func(other int) bool { return search.found[other] == nil && !search.failed[other] })
	made.Opens = only(dead, func(other int) bool { return search.found[other] != nil && !search.failed[other] })
	return made, work + search.work
}

// isRead says whether a unit may read a leaf, by what it looked at where that is known.
func (g *gates) isRead(traces []*trace, at, id int) bool {
	if traces[at] != nil {
		read, _ := traces[at].reads(g.leaves[id])
		return read
	}
	return g.reads(at, id)
}

// isSuspect says whether a leaf may do nothing more in a unit: its mark is gone, or most of the lines that it changed are.
func (g *gates) isSuspect(at, id int, how touch, gone, seen map[int]bool) bool {
	if g.crowds[at].seen[id] {
		return !seen[id]
	}
	left := only(how.lines, func(line int) bool { return !gone[line] })
	return 2*len(left) <= len(how.lines)
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

// isNear says whether a leaf stands beside another one, or below that.
func (g *gates) isNear(id, other int) bool {
	places, others := g.leaves[id].places, g.leaves[other].places
	holder := len(places) - 2
	return holder > 0 && len(others)-1 > holder && others[holder] == places[holder]
}

func isFalse(value interface{}) bool {
	on, isSwitch := value.(bool)
	return isSwitch && !on
}
