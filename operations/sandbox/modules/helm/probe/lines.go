package main

import (
	"slices"
	"strings"

	"github.com/pmezard/go-difflib/difflib"
)

func linesOf(texts []string) []string { return strings.Split(strings.Join(texts, "\n"), "\n") }

// markedLines are, by mark, the lines that it is on.
func markedLines(texts []string) map[int][]int {
	found := map[int][]int{}
	for i, line := range linesOf(texts) {
		marks := map[int]bool{}
		unmark(line, marks)
		for id := range marks {
			found[id] = append(found[id], i)
		}
	}
	return found
}

// changedLines are the lines that another rendering has not, or has otherwise; where it has more, those around that too.
func changedLines(before, after []string, around bool) []int {
	one, other := linesOf(before), linesOf(after)
	first := 0
	for first < min(len(one), len(other)) && one[first] == other[first] {
		first++
	}
	last := 0
	for last < min(len(one), len(other))-first && one[len(one)-1-last] == other[len(other)-1-last] {
		last++
	}
	var found []int
	matcher := difflib.NewMatcherWithJunk(one[first:len(one)-last], other[first:len(other)-last], false, nil)
	for _, code := range matcher.GetOpCodes() {
		if code.Tag == 'e' {
			continue
		}
		from, to := first+code.I1, first+code.I2
		if from == to && around {
			from, to = max(0, from-1), min(len(one), to+1)
		}
		for i := from; i < to; i++ {
			found = append(found, i)
		}
	}
	return slices.Compact(found)
}
