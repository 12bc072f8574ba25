package main

import (
	"maps"
	"reflect"

	"github.com/Masterminds/sprig/v3"
)

// copies are values that templates may change. What several renderings have as one map is copied once, and what one of them
// changes in its copy is put back before the next.
type copies struct {
	// made by the address of what they are of, which stays there as long as they are known.
	made map[uintptr]copied
	// own are the addresses of the copies themselves.
	own map[uintptr]bool
	// before is what those had in them that a rendering changes.
	before map[uintptr]copied
}

type copied struct{ of, is map[string]interface{} }

// Beyond this, most are of values that no rendering will have again.
const mostCopies = 20_000

func newCopies() *copies {
	return &copies{made: map[uintptr]copied{}, own: map[uintptr]bool{}, before: map[uintptr]copied{}}
}

// of is a copy of values, which is to be put back after a rendering.
func (c *copies) of(values map[string]interface{}) map[string]interface{} {
	if len(c.made) > mostCopies {
		clear(c.made)
		clear(c.own)
	}
	return c.copy(values).(map[string]interface{})
}

func (c *copies) copy(value interface{}) interface{} {
	switch one := value.(type) {
	case map[string]interface{}:
		address := reflect.ValueOf(one).Pointer()
		if known, ok := c.made[address]; ok {
			return known.is
		}
		made := make(map[string]interface{}, len(one))
		for key, inner := range one {
			made[key] = c.copy(inner)
		}
		c.made[address] = copied{one, made}
		c.own[reflect.ValueOf(made).Pointer()] = true
		return made
	case []interface{}:
		made := make([]interface{}, len(one))
		for i, inner := range one {
			made[i] = c.copy(inner)
		}
		return made
	default:
		return value
	}
}

// putBack undoes what was changed.
func (c *copies) putBack() {
	for _, one := range c.before {
		clear(one.is)
		maps.Copy(one.is, one.of)
	}
	clear(c.before)
}

// changing notes what a map has in it, before a template changes that.
func (c *copies) changing(one map[string]interface{}) {
	address := reflect.ValueOf(one).Pointer()
	if _, known := c.before[address]; !known && c.own[address] {
		c.before[address] = copied{maps.Clone(one), one}
	}
}

// merging notes what maps have in them and below: what is merged into another one stands in both, and may be changed in both.
func (c *copies) merging(all []map[string]interface{}, seen map[uintptr]bool) {
	for _, one := range all {
		if address := reflect.ValueOf(one).Pointer(); seen[address] {
			continue
		} else if one != nil {
			seen[address] = true
		}
		c.changing(one)
		for _, inner := range one {
			if below, isMap := inner.(map[string]interface{}); isMap {
				c.merging([]map[string]interface{}{below}, seen)
			}
		}
	}
}

// functions are those with which templates change maps.
func (c *copies) functions() map[string]interface{} {
	plain := sprig.TxtFuncMap()
	all := map[string]interface{}{
		"set": func(in map[string]interface{}, key string, value interface{}) map[string]interface{} {
			c.changing(in)
			in[key] = value
			return in
		},
		"unset": func(in map[string]interface{}, key string) map[string]interface{} {
			c.changing(in)
			delete(in, key)
			return in
		},
	}
	for _, name := range []string{"merge", "mergeOverwrite"} {
		of := plain[name].(func(map[string]interface{}, ...map[string]interface{}) interface{})
		all[name] = func(into map[string]interface{}, from ...map[string]interface{}) interface{} {
			c.merging(append(from, into), map[uintptr]bool{})
			return of(into, from...)
		}
	}
	for _, name := range []string{"mustMerge", "mustMergeOverwrite"} {
		of := plain[name].(func(map[string]interface{}, ...map[string]interface{}) (interface{}, error))
		all[name] = func(into map[string]interface{}, from ...map[string]interface{}) (interface{}, error) {
			c.merging(append(from, into), map[uintptr]bool{})
			return of(into, from...)
		}
	}
	return all
}
