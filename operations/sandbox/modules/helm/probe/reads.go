package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template/parse"
)

// mentions are the words that a template and those it includes say: what reads a value says its name.
type mentions struct {
	words map[string]bool
	// whole: all values at once go somewhere.
	whole bool
	// dynamic: includes what is not known beforehand.
	dynamic bool
	// evaluates values as templates.
	evaluates bool
	// changes values that it is given, perhaps.
	changes bool
}

var wordPattern = regexp.MustCompile(`\w+`)

// known are the words of names: there are few of them, and each is asked for by every file.
var known sync.Map

func wordsOf(name string) []string {
	if words, ok := known.Load(name); ok {
		return words.([]string)
	}
	words := wordPattern.FindAllString(name, -1)
	known.Store(name, words)
	return words
}

type mentionsFinder struct {
	own      map[string]*mentions
	includes map[string][]string
}

// newMentionsFinder knows of each template what the source says that comes last: that one wins.
func newMentionsFinder(sources []*source) *mentionsFinder {
	finder := &mentionsFinder{map[string]*mentions{}, map[string][]string{}}
	for _, one := range sources {
		for name, found := range one.mentions {
			finder.own[name], finder.includes[name] = found, one.includes[name]
		}
	}
	return finder
}

func (s *source) mention(of *parse.Tree) {
	// What is empty takes nothing's place.
	if parse.IsEmptyTree(of.Root) {
		return
	}
	found := &mentions{words: map[string]bool{}}
	s.mentions[of.Name] = found
	s.walk(of.Name, of.Root, found)
}

// of is what a template mentions with all that it includes.
func (f *mentionsFinder) of(name string) mentions {
	all := mentions{words: map[string]bool{}}
	seen := map[string]bool{}
	var add func(string)
	add = func(one string) {
		if seen[one] || f.own[one] == nil {
			return
		}
		seen[one] = true
		own := f.own[one]
		maps.Copy(all.words, own.words)
		all.whole = all.whole || own.whole
		all.dynamic = all.dynamic || own.dynamic
		all.evaluates = all.evaluates || own.evaluates
		all.changes = all.changes || own.changes || own.dynamic
		for _, included := range f.includes[one] {
			add(included)
		}
	}
	add(name)
	return all
}

// Functions that take a part of the values that they are given.
var takesPart = map[string]bool{
	"index": true, "get": true, "hasKey": true, "dig": true, "pluck": true, "include": true, "dict": true, "list": true,
	"tpl": true,
}

// Functions that change a map that they are given.
var changing = map[string]bool{
	"set": true, "unset": true, "merge": true, "mergeOverwrite": true, "mustMerge": true, "mustMergeOverwrite": true,
}

func (s *source) walk(name string, node parse.Node, found *mentions) {
	switch one := node.(type) {
	case *parse.ListNode:
		if one != nil {
			for _, inner := range one.Nodes {
				s.walk(name, inner, found)
			}
		}
	case *parse.ActionNode:
		s.walk(name, one.Pipe, found)
	case *parse.IfNode:
		s.branch(name, &one.BranchNode, found)
	case *parse.WithNode:
		s.branch(name, &one.BranchNode, found)
	case *parse.RangeNode:
		s.branch(name, &one.BranchNode, found)
	case *parse.TemplateNode:
		s.includes[name] = append(s.includes[name], one.Name)
		s.walk(name, one.Pipe, found)
	case *parse.PipeNode:
		if one != nil {
			for _, command := range one.Cmds {
				s.command(name, command, found, len(one.Decl) > 0)
			}
		}
	case *parse.ChainNode:
		s.walk(name, one.Node, found)
		s.fields(one.Field, found, false)
	case *parse.FieldNode:
		s.fields(one.Ident, found, true)
	case *parse.VariableNode:
		s.fields(one.Ident[1:], found, true)
	case *parse.StringNode:
		for _, word := range wordPattern.FindAllString(one.Text, -1) {
			found.words[word] = true
		}
	}
}

func (s *source) branch(name string, one *parse.BranchNode, found *mentions) {
	s.walk(name, one.Pipe, found)
	s.walk(name, one.List, found)
	s.walk(name, one.ElseList, found)
}

func (s *source) command(name string, one *parse.CommandNode, found *mentions, declares bool) {
	part := declares
	if function, ok := one.Args[0].(*parse.IdentifierNode); ok {
		part = part || takesPart[function.Ident]
		found.changes = found.changes || changing[function.Ident]
		switch function.Ident {
		case "tpl":
			found.evaluates = true
		case "include":
			if len(one.Args) > 1 {
				if included, ok := one.Args[1].(*parse.StringNode); ok {
					s.includes[name] = append(s.includes[name], included.Text)
					break
				}
			}
			found.dynamic = true
		}
	}
	for _, argument := range one.Args {
		before := found.whole
		s.walk(name, argument, found)
		if part {
			found.whole = before
		}
	}
}

func (s *source) fields(names []string, found *mentions, fromContext bool) {
	for _, word := range names {
		found.words[word] = true
	}
	if fromContext && len(names) > 0 && names[len(names)-1] == "Values" {
		found.whole = true
	}
}

// evaluatedWords are the words of values that are templates themselves.
func evaluatedWords(value interface{}, words map[string]bool) {
	switch one := value.(type) {
	case string:
		if strings.Contains(one, "{{") {
			for _, word := range wordPattern.FindAllString(one, -1) {
				words[word] = true
			}
		}
	case map[string]interface{}:
		for _, inner := range one {
			evaluatedWords(inner, words)
		}
	case []interface{}:
		for _, inner := range one {
			evaluatedWords(inner, words)
		}
	}
}

// reads says whether one of the files may read a value.
func (u unit) reads(at []interface{}, evaluated map[string]bool) bool {
	for _, one := range u {
		if one.reads(at, evaluated) {
			return true
		}
	}
	return false
}

func (f file) reads(at []interface{}, evaluated map[string]bool) bool {
	for i, key := range f.keys {
		if i >= len(at) {
			return true
		}
		if at[i] != key {
			return slices.Contains(at, interface{}("global")) && f.mentions.words["global"]
		}
	}
	if len(f.keys) >= len(at) || f.mentions.whole || f.mentions.dynamic {
		return true
	}
	name, _ := at[len(f.keys)].(string)
	for _, word := range wordsOf(name) {
		if !f.mentions.words[word] && !(f.mentions.evaluates && evaluated[word]) {
			return false
		}
	}
	return true
}
