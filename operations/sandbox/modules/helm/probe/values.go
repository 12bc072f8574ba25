package main

import (
	"fmt"
	"maps"
	"slices"

	"helm.sh/helm/v3/pkg/chartutil"
)

// with is a value with another one at a place: what is on the way there is copied, and all else is shared. A list that a
// person does not set yet is taken from below.
func with(holder, below interface{}, at []interface{}, value interface{}) interface{} {
	if len(at) == 0 {
		return value
	}
	switch key := at[0].(type) {
	case float64:
		list, ok := holder.([]interface{})
		if !ok {
			if list, ok = below.([]interface{}); !ok {
				return value
			}
		}
		list = slices.Clone(list)
		if i := int(key); i < len(list) {
			list[i] = with(list[i], nil, at[1:], value)
		} else {
			list = append(list, with(nil, nil, at[1:], value))
		}
		return list
	default:
		name := nameOf(key)
		known, _ := holder.(map[string]interface{})
		made := make(map[string]interface{}, len(known)+1)
		maps.Copy(made, known)
		var inner interface{}
		if one, ok := below.(map[string]interface{}); ok {
			inner = one[name]
		}
		made[name] = with(made[name], inner, at[1:], value)
		return made
	}
}

// withAll is a value with others at several places of it, where what is on the way is copied once for those that stand beside
// each other in the set; of two at one place the last wins.
func withAll(holder interface{}, set []change, depth int) interface{} {
	var own map[string]interface{}
	for len(set) > 0 {
		if len(set[0].Path) == depth {
			holder, own, set = set[0].Value, nil, set[1:]
			continue
		}
		known, isMap := holder.(map[string]interface{})
		if !isMap {
			holder, set = with(holder, nil, set[0].Path[depth:], set[0].Value), set[1:]
			continue
		}
		if own == nil {
			own = make(map[string]interface{}, len(known)+len(set))
			maps.Copy(own, known)
			holder = own
		}
		key, count := set[0].Path[depth], 1
		for count < len(set) && len(set[count].Path) > depth && set[count].Path[depth] == key {
			count++
		}
		name := nameOf(key)
		own[name] = withAll(own[name], set[:count], depth+1)
		set = set[count:]
	}
	return holder
}

// nameOf is a key as that of a map.
func nameOf(key interface{}) string {
	if name, isName := key.(string); isName {
		return name
	}
	return fmt.Sprint(key)
}

func valueAt(holder interface{}, at []interface{}) interface{} {
	for _, key := range at {
		switch one := holder.(type) {
		case map[string]interface{}:
			holder = one[nameOf(key)]
		case []interface{}:
			i, ok := key.(float64)
			if !ok || int(i) >= len(one) {
				return nil
			}
			holder = one[int(i)]
		default:
			return nil
		}
	}
	return holder
}

func deepCopy(value interface{}) interface{} {
	switch one := value.(type) {
	case map[string]interface{}:
		copied := make(map[string]interface{}, len(one))
		for key, inner := range one {
			copied[key] = deepCopy(inner)
		}
		return copied
	case chartutil.Values:
		return chartutil.Values(deepCopy(map[string]interface{}(one)).(map[string]interface{}))
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
