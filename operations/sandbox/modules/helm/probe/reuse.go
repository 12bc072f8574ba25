package main

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// difference is a place where two sets of values are not the same.
type difference struct {
	// holders are the places above it, from the top.
	holders []string
	place   string
	// isNew: one of the two has nothing there.
	isNew bool
}

// differences are the places where two values are not the same. What is empty in one of them differs as a whole.
func differences(one, other interface{}, holders []string, place string) []difference {
	here := []difference{{holders, place, false}}
	below := append(slices.Clip(holders), place)
	switch one := one.(type) {
	case map[string]interface{}:
		other, isMap := other.(map[string]interface{})
		if !isMap || len(one) == 0 || len(other) == 0 {
			if isMap && len(one) == len(other) {
				return nil
			}
			return here
		}
		var found []difference
		for key, inner := range one {
			if beside, ok := other[key]; ok {
				found = append(found, differences(inner, beside, below, inside(place, key))...)
			} else {
				found = append(found, difference{below, inside(place, key), true})
			}
		}
		for key := range other {
			if _, ok := one[key]; !ok {
				found = append(found, difference{below, inside(place, key), true})
			}
		}
		return found
	case []interface{}:
		other, isList := other.([]interface{})
		if !isList || len(one) != len(other) {
			return here
		}
		var found []difference
		for i := range one {
			found = append(found, differences(one[i], other[i], below, inside(place, float64(i)))...)
		}
		return found
	default:
		if reflect.DeepEqual(one, other) {
			return nil
		}
		return here
	}
}

// sees says whether what was traced would look at a difference.
func (t *trace) sees(one difference) bool {
	if t.looked[one.place] || t.wholes[one.place] || one.isNew && t.iterated[one.holders[len(one.holders)-1]] {
		return true
	}
	return slices.ContainsFunc(one.holders, func(holder string) bool { return t.wholes[holder] })
}

// made is what is to be rendered of the values of a request. To bring the values of a chart and of all below it together takes
// long, and is done once for what decides which charts there are, where it is to be kept.
func (r *renderer) made(of request, keep bool) (*scene, error) {
	if of.Strict {
		// The schemas are asked about all of them.
		return r.prepare(of, of.Values)
	}
	var deciding, others []change
	for _, one := range changesOf(of.Values, nil) {
		if r.decides(one) {
			deciding = append(deciding, one)
		} else {
			others = append(others, one)
		}
	}
	user := map[string]interface{}{}
	for _, one := range deciding {
		user = with(user, nil, one.Path, one.Value).(map[string]interface{})
	}
	name, err := json.Marshal([]interface{}{user, of.APIs, of.Upgrade, of.Release})
	if err != nil {
		return nil, err
	}
	from := r.decided[string(name)]
	if from == nil {
		if from, err = r.prepare(of, user); err != nil {
			return nil, err
		}
		if keep && len(r.decided) < mostDecided {
			r.decided[string(name)] = from
		}
	}
	set := make([]change, 0, len(others))
	for _, one := range others {
		_, isMap := one.Value.(map[string]interface{})
		_, overMap := valueAt(from.values, one.Path).(map[string]interface{})
		// What is no map takes the place of one only with a warning, and an empty one changes nothing of the chart's own.
		if overMap && !isMap {
			return r.prepare(of, of.Values)
		}
		if !overMap {
			set = append(set, one)
		}
	}
	return r.apply(from, set)
}

const mostDecided = 64

// What it takes to bring values together, by the entries and the charts that there are: each chart copies all of them.
const workOfPrepared = 170

// changesOf are the places that values set.
func changesOf(values map[string]interface{}, at []interface{}) (set []change) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		path := append(slices.Clip(at), key)
		if inner, isMap := values[key].(map[string]interface{}); isMap && len(inner) > 0 {
			set = append(set, changesOf(inner, path)...)
		} else {
			set = append(set, change{path, values[key]})
		}
	}
	return set
}

// Beyond this, hardly any unit sees nothing of what differs.
const mostDifferences = 1000

// reuse takes what units render from other scenes, where they were seen to look at nothing that differs.
func (r *renderer) reuse(into *scene, from ...*scene) {
	made := make([]*trace, len(into.parsed.units))
	for _, other := range from {
		if other == into || other.traces == nil || other.parsed != into.parsed ||
			other.request.APIs != into.request.APIs || other.request.Upgrade != into.request.Upgrade ||
			other.request.Release != into.request.Release {
			continue
		}
		found := differences(other.values, into.values, nil, "")
		if len(found) > mostDifferences {
			continue
		}
		each(len(made), func(at int) {
			if one := other.traces[at]; made[at] == nil && one != nil && !slices.ContainsFunc(found, one.sees) {
				made[at] = one
				into.texts.Store(at, r.text(other, at))
			}
		})
	}
	into.reused = made
}

// Scenes that stay beside the last ones of each name: those that come first are what the others differ from.
const mostLasting = 8

// traceAll finds out what each unit of a scene looks at.
func (r *renderer) traceAll(of *scene) {
	of.tracing.Lock()
	defer of.tracing.Unlock()
	if of.traces != nil {
		return
	}
	traces := make([]*trace, len(of.parsed.units))
	each(len(traces), func(at int) {
		if of.reused != nil && of.reused[at] != nil {
			traces[at] = of.reused[at]
		} else {
			traces[at] = r.trace(of, at)
		}
	})
	of.traces, of.reused = traces, nil
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.lasting) < mostLasting {
		r.lasting = append(r.lasting, of)
	}
}

// others are the scenes that a new one may be like.
func (r *renderer) others() []*scene {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	found := slices.Clone(r.lasting)
	for _, name := range slices.Sorted(maps.Keys(r.scenes)) {
		if one := r.scenes[name]; !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	return found
}
