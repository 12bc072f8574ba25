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

func markOf(id int) string { return fmt.Sprintf("changedq%05dz", id) }

func mark(id int, before, value interface{}) (interface{}, bool) {
	switch one := value.(type) {
	case string:
		if strings.HasSuffix(one, "changed") {
			return strings.TrimSuffix(one, "changed") + markOf(id), true
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
	// isRead says whether a unit is known to look at a leaf itself: most of them do something, and are looked at alone.
	isRead func(at, id int) bool
	marks  bool
	mutex  sync.Mutex
	// found are units that a leaf changes.
	found map[int]map[int]touch
	// failed are leaves over which a unit fails.
	failed map[int]bool
	// work is that of all its renderings, by what those of the scene take.
	work int
}

func (r *renderer) search(of *scene, leaves []leaf, value func(int) interface{}, marks bool) *search {
	return &search{
		renderer: r, scene: of, leaves: leaves, value: value, marks: marks,
		found: map[int]map[int]touch{}, failed: map[int]bool{}, isRead: readBy(nil, nil),
	}
}

func (s *search) find(id, at int, how touch) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.found[id] == nil {
		s.found[id] = map[int]touch{}
	}
	s.found[id][at] = how
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
	kinds := s.kinds(group)
	if s.marks {
		kinds["other"] = s.apart(at, kinds["other"])
	}
	for name, kind := range kinds {
		if name == "marked" {
			s.halve(at, kind)
			continue
		}
		alone := only(kind, func(id int) bool { return s.isRead(at, id) })
		each(len(alone), func(i int) { s.halve(at, alone[i:i+1]) })
		s.halve(at, only(kind, func(id int) bool { return !s.isRead(at, id) }))
	}
}

// apart looks for leaves of a group whose marks are printed, though not in the place of what was there, and gives back the
// others. Those that stand beside each other may have a say in one another, and are not changed at the same time.
func (s *search) apart(at int, group []int) []int {
	if len(group) < 2 {
		return group
	}
	together := s.render(at, group, deepMark)
	if together.err != nil {
		half := len(group) / 2
		return slices.Concat(s.apart(at, group[:half]), s.apart(at, group[half:]))
	}
	seen := together.seen()
	layers, beside := [][]int{}, map[string]int{}
	for _, id := range only(group, func(id int) bool { return seen[id] }) {
		path := s.leaves[id].Path
		parent := fmt.Sprint(path[:len(path)-1])
		if beside[parent] == len(layers) {
			layers = append(layers, nil)
		}
		layers[beside[parent]] = append(layers[beside[parent]], id)
		beside[parent]++
	}
	found := make([]map[int][]int, len(layers))
	each(len(layers), func(i int) {
		after := s.render(at, layers[i], deepMark)
		if after.err == nil {
			found[i] = markedLines(after.texts)
		}
	})
	return only(group, func(id int) bool {
		for _, lines := range found {
			if lines[id] != nil {
				s.find(id, at, touch{lines: lines[id]})
				return false
			}
		}
		return true
	})
}

func (s *search) halve(at int, group []int) {
	if len(group) == 0 {
		return
	}
	after, same := s.try(at, group)
	if same {
		lines := markedLines(after.texts)
		for _, id := range group {
			if lines[id] != nil {
				s.find(id, at, touch{true, lines[id]})
			}
		}
		digested := only(group, func(id int) bool { return s.marks && after.digested[id] && lines[id] == nil })
		plain := s.renderer.search(s.scene, s.leaves, s.value, false)
		plain.halve(at, digested)
		s.mutex.Lock()
		s.work += plain.work
		s.mutex.Unlock()
		for id := range plain.found {
			s.find(id, at, plain.found[id][at])
		}
		for id := range plain.failed {
			s.fail(id)
		}
		return
	}
	if len(group) == 1 {
		if after.err != nil {
			s.fail(group[0])
		} else {
			s.find(group[0], at, touch{lines: changedLines(s.renderer.text(s.scene, at).texts, after.texts, true)})
		}
		return
	}
	half := (len(group) + 1) / 2
	each(2, func(i int) { s.halve(at, [][]int{group[:half], group[half:]}[i]) })
}

// try renders a unit with a group of leaves changed, and says whether all but their marks is the same.
func (s *search) try(at int, group []int) (after rendering, same bool) {
	before := s.renderer.text(s.scene, at)
	after = s.render(at, group, mark)
	if after.err != nil {
		return after, false
	}
	same = len(after.texts) == len(before.texts)
	for i, text := range after.texts {
		if s.marks {
			text = unmark(text, map[int]bool{})
		}
		same = same && text == before.texts[i]
	}
	return after, same
}

// render renders a unit with a group of leaves changed.
func (s *search) render(at int, group []int, marking func(int, interface{}, interface{}) (interface{}, bool)) rendering {
	work := s.renderer.work(s.scene, at) + workOfChange*len(group)
	s.renderer.spent.Add(int64(work))
	s.mutex.Lock()
	s.work += work
	s.mutex.Unlock()
	set := make([]change, len(group))
	for i, id := range group {
		set[i] = change{s.leaves[id].Path, s.value(id)}
		if s.marks {
			set[i].Value, _ = marking(id, valueAt(s.scene.values, set[i].Path), set[i].Value)
		}
	}
	changed, err := s.renderer.apply(s.scene, set)
	if err != nil {
		return rendering{err: err}
	}
	return s.renderer.render(changed, s.scene.parsed.units[at], changed.values)
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
