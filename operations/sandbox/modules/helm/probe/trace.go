package main

import (
	"fmt"
	"reflect"
	"slices"
	"text/template"
	"text/template/parse"

	"helm.sh/helm/v3/pkg/chartutil"
)

// trace is which values a rendering looks at. Its templates are rewritten, so that what they take out of a map, and what they
// go through, is taken by functions that know where in the values the map stands.
type trace struct {
	// places of maps and lists in the values, by their address.
	places map[uintptr]string
	// looked are places that were looked at, wholes those of which everything below was, and iterated those of which every
	// key was.
	looked, wholes, iterated map[string]bool
	// calls of functions: how much there is to do.
	calls int
}

// placed are values of which each map and list has a place of its own.
type placed struct {
	values map[string]interface{}
	places map[uintptr]string
}

func newPlaced(of map[string]interface{}) placed {
	made := placed{deepCopy(of).(map[string]interface{}), map[uintptr]string{}}
	made.know(made.values, "")
	return made
}

// inside is a place in a map or a list. What is global is at one place for all charts.
func inside(place string, key interface{}) string {
	if key == "global" {
		return "global"
	}
	return place + "\x00" + nameOf(key)
}

func (p placed) know(value interface{}, place string) {
	if address, ok := addressOf(value); ok {
		p.places[address] = place
	}
	eachInside(value, func(key, inner interface{}) { p.know(inner, inside(place, key)) })
}

func addressOf(value interface{}) (uintptr, bool) {
	held := reflect.ValueOf(value)
	if kind := held.Kind(); (kind == reflect.Map || kind == reflect.Slice) && held.Len() > 0 {
		return held.Pointer(), true
	}
	return 0, false
}

func eachInside(value interface{}, do func(key, inner interface{})) {
	switch one := value.(type) {
	case chartutil.Values:
		eachInside(map[string]interface{}(one), do)
	case map[string]interface{}:
		for key, inner := range one {
			do(key, inner)
		}
	case []interface{}:
		for i, inner := range one {
			do(float64(i), inner)
		}
	}
}

// reads says whether a value was looked at, and whether that was for itself: not as a part of what goes somewhere whole.
func (t *trace) reads(one leaf) (read, itself bool) {
	last := len(one.places) - 1
	for _, place := range one.places[:last] {
		if t.wholes[place] {
			return true, false
		}
	}
	place := one.places[last]
	return t.looked[place] || t.wholes[place], t.looked[place]
}

func (t *trace) note(holder interface{}, key interface{}) {
	if address, ok := addressOf(holder); ok {
		if place, known := t.places[address]; known {
			t.looked[inside(place, key)] = true
		}
	}
}

// whole notes that a function is given all that is below a value.
func (t *trace) whole(value interface{}, depth int) {
	address, ok := addressOf(value)
	if !ok || depth > 3 {
		return
	}
	if place, known := t.places[address]; known {
		t.wholes[place] = true
		return
	}
	// What a template has as its context, it hands on.
	if context, isMap := value.(map[string]interface{}); isMap && context["Values"] != nil && context["Capabilities"] != nil {
		return
	}
	eachInside(value, func(_, inner interface{}) { t.whole(inner, depth+1) })
}

// look takes what is at some keys, as templates do.
func (t *trace) look(from interface{}, names ...string) (interface{}, error) {
	for _, name := range names {
		switch one := from.(type) {
		case nil:
			return nil, fmt.Errorf("nil pointer evaluating interface {}.%s", name)
		case chartutil.Values:
			t.note(one, name)
			from = one[name]
		case map[string]interface{}:
			t.note(one, name)
			from = one[name]
		default:
			held := reflect.ValueOf(from)
			if method := held.MethodByName(name); method.IsValid() && method.Type().NumIn() == 0 {
				from = method.Call(nil)[0].Interface()
				continue
			}
			var inner reflect.Value
			switch held = reflect.Indirect(held); held.Kind() {
			case reflect.Struct:
				inner = held.FieldByName(name)
			case reflect.Map:
				inner = held.MapIndex(reflect.ValueOf(name))
			}
			if !inner.IsValid() {
				return nil, fmt.Errorf("can't evaluate field %s", name)
			}
			from = inner.Interface()
		}
	}
	return from, nil
}

// Functions that take no more of a map than is noted, or hand it on.
var handsOn = map[string]bool{
	"dict": true, "list": true, "tuple": true, "include": true, "tpl": true, "default": true, "coalesce": true, "ternary": true,
	"empty": true, "kindIs": true, "kindOf": true, "typeOf": true, "typeIs": true, "typeIsLike": true, "required": true,
	"fail": true, "set": true, "unset": true, "get": true, "hasKey": true,
}

// functions are those of a clone that note what they are given.
func (c *clone) tracing(functions template.FuncMap) template.FuncMap {
	made := template.FuncMap{
		"look": func(from interface{}, names ...string) (interface{}, error) {
			c.trace.calls++
			return c.trace.look(from, names...)
		},
		"noted": func(holder interface{}, keys ...interface{}) interface{} {
			inner := holder
			for _, key := range keys {
				if number, isNumber := key.(int); isNumber {
					key = float64(number)
				}
				c.trace.note(inner, key)
				if values, ok := inner.(chartutil.Values); ok {
					inner = map[string]interface{}(values)
				}
				inner = valueAt(inner, []interface{}{key})
			}
			return holder
		},
		"iterated": func(of interface{}) interface{} {
			eachInside(of, func(key, _ interface{}) { c.trace.note(of, key) })
			if address, ok := addressOf(of); ok {
				if place, known := c.trace.places[address]; known {
					c.trace.iterated[place] = true
				}
			}
			return of
		},
		"wholly": func(of interface{}) interface{} {
			c.trace.whole(of, 0)
			return of
		},
	}
	for name, function := range functions {
		held := reflect.ValueOf(function)
		if handsOn[name] {
			continue
		}
		made[name] = reflect.MakeFunc(held.Type(), func(given []reflect.Value) []reflect.Value {
			c.trace.calls++
			if !held.Type().IsVariadic() {
				for _, one := range given {
					c.trace.whole(one.Interface(), 0)
				}
				return held.Call(given)
			}
			for _, one := range given[:len(given)-1] {
				c.trace.whole(one.Interface(), 0)
			}
			for i := range given[len(given)-1].Len() {
				c.trace.whole(given[len(given)-1].Index(i).Interface(), 0)
			}
			return held.CallSlice(given)
		}).Interface()
	}
	return made
}

// rewritten is a template whose nodes call what notes where they look.
func rewritten(node parse.Node) {
	switch one := node.(type) {
	case *parse.ListNode:
		if one != nil {
			for _, inner := range one.Nodes {
				rewritten(inner)
			}
		}
	case *parse.ActionNode:
		rewritten(one.Pipe)
		if len(one.Pipe.Decl) == 0 {
			one.Pipe.Cmds = append(one.Pipe.Cmds, call("wholly"))
		}
	case *parse.IfNode:
		rewrittenBranch(&one.BranchNode)
	case *parse.WithNode:
		rewrittenBranch(&one.BranchNode)
	case *parse.RangeNode:
		rewrittenBranch(&one.BranchNode)
		inner := &parse.PipeNode{NodeType: parse.NodePipe, Cmds: one.Pipe.Cmds}
		one.Pipe.Cmds = []*parse.CommandNode{call("iterated", inner)}
	case *parse.TemplateNode:
		rewritten(one.Pipe)
	case *parse.PipeNode:
		if one != nil {
			var commands []*parse.CommandNode
			for i, command := range one.Cmds {
				rewrittenCommand(command, i == 0)
				if i > 0 && takesWhole(command) {
					commands = append(commands, call("wholly"))
				}
				commands = append(commands, command)
			}
			one.Cmds = commands
		}
	}
}

func rewrittenBranch(one *parse.BranchNode) {
	rewritten(one.Pipe)
	rewritten(one.List)
	rewritten(one.ElseList)
}

func rewrittenCommand(one *parse.CommandNode, isFirst bool) {
	if len(one.Args) == 1 && isFirst {
		if looking := looking(one.Args[0]); looking != nil {
			one.Args = looking.Args
			return
		}
	}
	for i, argument := range one.Args {
		rewritten(argument)
		// The first may be a method that is given the others.
		if i == 0 {
			continue
		}
		if looking := looking(argument); looking != nil {
			one.Args[i] = piped(looking)
		}
		if takesWhole(one) {
			one.Args[i] = piped(call("wholly", one.Args[i]))
		}
	}
	if function, ok := one.Args[0].(*parse.IdentifierNode); ok && len(one.Args) > 2 {
		if function.Ident == "index" || function.Ident == "get" || function.Ident == "hasKey" {
			keys := slices.Clone(one.Args[2:])
			one.Args[1] = piped(call("noted", append([]parse.Node{one.Args[1]}, keys...)...))
		}
	}
}

// takesWhole says whether a command is a function of the language itself that takes all of what it is given: those of Helm and
// sprig note it themselves.
func takesWhole(one *parse.CommandNode) bool {
	function, ok := one.Args[0].(*parse.IdentifierNode)
	if !ok {
		return false
	}
	switch function.Ident {
	case "len", "slice", "print", "printf", "println", "html", "js", "urlquery", "call":
		return true
	}
	return false
}

// looking is what looks at the fields of a node, nil where it has none.
func looking(node parse.Node) *parse.CommandNode {
	var from parse.Node
	var fields []string
	switch one := node.(type) {
	case *parse.FieldNode:
		from, fields = &parse.DotNode{NodeType: parse.NodeDot}, one.Ident
	case *parse.VariableNode:
		if len(one.Ident) < 2 {
			return nil
		}
		copied := one.Copy().(*parse.VariableNode)
		copied.Ident = one.Ident[:1]
		from, fields = copied, one.Ident[1:]
	case *parse.ChainNode:
		// A copy of a chain shares what it starts from.
		from, fields = one.Node.Copy(), one.Field
		rewritten(from)
	default:
		return nil
	}
	arguments := []parse.Node{from}
	for _, field := range fields {
		arguments = append(arguments, &parse.StringNode{NodeType: parse.NodeString, Quoted: fmt.Sprintf("%q", field), Text: field})
	}
	return call("look", arguments...)
}

func call(function string, arguments ...parse.Node) *parse.CommandNode {
	return &parse.CommandNode{
		NodeType: parse.NodeCommand, Args: append([]parse.Node{parse.NewIdentifier(function)}, arguments...),
	}
}

func piped(command *parse.CommandNode) *parse.PipeNode {
	return &parse.PipeNode{NodeType: parse.NodePipe, Cmds: []*parse.CommandNode{command}}
}

// newTracer are templates, rewritten, for one rendering at a time.
func newTracer(templates *template.Template, sources []*source) *clone {
	one := newClone(templates)
	one.isTracing = true
	for _, source := range sources {
		if err := addTrees(one.templates, source.rewritten); err != nil {
			panic(err)
		}
	}
	one.bind(one.templates)
	return one
}

// traced is what a unit of a scene renders, and what it looks at meanwhile.
func (r *renderer) traced(of *scene, at int) (rendering, *trace) {
	r.working <- struct{}{}
	defer func() { <-r.working }()
	clone := of.parsed.tracers.take()
	defer of.parsed.tracers.give(clone)
	of.once.Do(func() {
		r.spent.Add(int64(workOfPlaced * r.entries))
		of.own = newPlaced(of.values)
	})
	values := of.own
	if of.parsed.units[at].changes() {
		values = newPlaced(of.values)
	}
	found := &trace{
		places: values.places, looked: map[string]bool{}, wholes: map[string]bool{}, iterated: map[string]bool{},
	}
	clone.trace = found
	made := r.run(clone, of, of.parsed.units[at], values.values)
	clone.trace, found.places = nil, nil
	return made, found
}

// trace is what a unit of a scene looks at, nil where that is not known.
func (r *renderer) trace(of *scene, at int) *trace {
	made, found := r.traced(of, at)
	if made.err != nil || !slices.Equal(made.texts, r.text(of, at).texts) {
		return nil
	}
	of.parsed.calls[at] = max(of.parsed.calls[at], found.calls)
	r.spent.Add(int64(workOfTrace * r.work(of, at)))
	return found
}

const (
	workOfCall   = 100
	workOfPlaced = 50
)

// What is traced takes so many times what it takes otherwise.
const workOfTrace = 2

// work is about what it takes to render a unit of a scene.
func (r *renderer) work(of *scene, at int) int {
	return max(r.text(of, at).work, workOfCall*of.parsed.calls[at])
}

// readBy says of units and leaves whether the one looks at the other itself.
func readBy(traces []*trace, leaves []leaf) func(at, id int) bool {
	return func(at, id int) bool {
		if traces == nil || traces[at] == nil {
			return false
		}
		_, itself := traces[at].reads(leaves[id])
		return itself
	}
}
