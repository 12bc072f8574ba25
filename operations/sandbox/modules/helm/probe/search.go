package main

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A mark tells where a value goes. That of a text follows what was there before, and that of a number are its decimals.
var markPattern = regexp.MustCompile(`changedq(\d{5})z|\.037(\d{5})7`)

func mark(id int, before, value interface{}) (interface{}, bool) {
	switch one := value.(type) {
	case string:
		if strings.HasSuffix(one, "changed") {
			return fmt.Sprintf("%sq%05dz", one, id), true
		}
	case float64:
		if was, ok := before.(float64); ok && was == math.Trunc(was) && math.Abs(was) < 1e6 {
			marked, _ := strconv.ParseFloat(fmt.Sprintf("%d.037%05d7", int(was), id), 64)
			return marked, true
		}
	}
	return value, false
}

// deepMark marks the first text in a map or a list as well.
func deepMark(id int, before, value interface{}) (interface{}, bool) {
	switch one := value.(type) {
	case map[string]interface{}:
		for _, key := range slices.Sorted(maps.Keys(one)) {
			if marked, ok := deepMark(id, nil, one[key]); ok {
				return with(one, nil, []interface{}{key}, marked), true
			}
		}
	case []interface{}:
		for i, inner := range one {
			if marked, ok := deepMark(id, nil, inner); ok {
				return with(one, nil, []interface{}{float64(i)}, marked), true
			}
		}
	}
	return mark(id, before, value)
}

// unmark takes marks out of a text, and notes them.
func unmark(text string, found map[int]bool) string {
	if !strings.Contains(text, "changedq") && !strings.Contains(text, ".037") {
		return text
	}
	return markPattern.ReplaceAllStringFunc(text, func(match string) string {
		digits := strings.TrimPrefix(strings.TrimPrefix(match, "changedq"), ".037")[:5]
		id, _ := strconv.Atoi(digits)
		found[id] = true
		return ""
	})
}

// search looks for the leaves that change a unit of a scene, in groups. Where nothing but marks differs, those whose marks
// are seen do something and the others do nothing: one rendering tells of a whole group.
type search struct {
	renderer *renderer
	scene    *scene
	leaves   []leaf
	value    func(id int) interface{}
	marks    bool
	mutex    sync.Mutex
	// found are units that a leaf changes, each with whether nothing but its mark differs.
	found map[int]map[int]bool
	// failed are leaves over which a unit fails.
	failed map[int]bool
	// work is that of all its renderings, by what those of the scene take.
	work int
}

func (r *renderer) search(of *scene, leaves []leaf, value func(int) interface{}, marks bool) *search {
	return &search{
		renderer: r, scene: of, leaves: leaves, value: value, marks: marks,
		found: map[int]map[int]bool{}, failed: map[int]bool{},
	}
}

func (s *search) find(id, at int, marked bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.found[id] == nil {
		s.found[id] = map[int]bool{}
	}
	s.found[id][at] = marked
}

func (s *search) fail(id int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.failed[id] = true
}

// kinds are looked at apart: what is switched off hides what is switched on beside it, and what has a mark is found at once.
func (s *search) kinds(group []int) map[string][]int {
	kinds := map[string][]int{}
	for _, id := range group {
		value := s.value(id)
		before := valueAt(s.scene.values, s.leaves[id].Path)
		kind := "other"
		if on, ok := value.(bool); ok {
			kind = fmt.Sprint(on)
		} else if _, hasMark := mark(id, before, value); s.marks && hasMark && before != nil && before != "" {
			kind = "marked"
		}
		kinds[kind] = append(kinds[kind], id)
	}
	return kinds
}

// look looks for leaves of a group that change a unit.
func (s *search) look(at int, group []int) {
	for _, kind := range s.kinds(group) {
		s.halve(at, kind)
	}
}

func (s *search) halve(at int, group []int) {
	if len(group) == 0 {
		return
	}
	seen, same, err := s.try(at, group)
	if same {
		for _, id := range group {
			if seen[id] {
				s.find(id, at, true)
			}
		}
		return
	}
	if len(group) == 1 {
		if err != nil {
			s.fail(group[0])
		} else {
			s.find(group[0], at, false)
		}
		return
	}
	half := (len(group) + 1) / 2
	each(2, func(i int) { s.halve(at, [][]int{group[:half], group[half:]}[i]) })
}

// try renders a unit with a group of leaves changed, and says whose marks are seen and whether all else is the same.
func (s *search) try(at int, group []int) (seen map[int]bool, same bool, err error) {
	before := s.renderer.text(s.scene, at)
	s.mutex.Lock()
	s.work += before.work
	s.mutex.Unlock()
	set := make([]change, len(group))
	for i, id := range group {
		set[i] = change{s.leaves[id].Path, s.value(id)}
		if s.marks {
			set[i].Value, _ = mark(id, valueAt(s.scene.values, set[i].Path), set[i].Value)
		}
	}
	changed, err := s.renderer.apply(s.scene, set)
	if err != nil {
		return nil, false, err
	}
	after := s.renderer.render(changed, s.scene.parsed.units[at], changed.values)
	if after.err != nil {
		return nil, false, after.err
	}
	for i, text := range after.texts {
		if i >= len(before.texts) || unmark(text, after.marks) != before.texts[i] {
			return nil, false, nil
		}
	}
	return after.marks, true, nil
}

// each does something for every number at the same time.
func each(count int, do func(int)) {
	var waiting sync.WaitGroup
	for i := range count {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			do(i)
		}()
	}
	waiting.Wait()
}

func only(of []int, wanted func(int) bool) []int {
	return slices.DeleteFunc(slices.Clone(of), func(id int) bool { return !wanted(id) })
}
