// The probe renders one chart again and again, with one value changed each time, and says whether what is rendered changed.
//
// It loads and parses the chart once, as Helm does, and answers requests that it reads from its standard input, one JSON
// object a line, in the order in which they are done.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// request asks for one rendering.
type request struct {
	ID int `json:"id"`
	// Base is the name of a set of values: a request with Values makes it, all others start from it.
	Base string `json:"base"`
	// Values are those that a person would set; the chart's own are below them.
	Values map[string]interface{} `json:"values"`
	// APIs says whether the cluster of the base has every API that the chart asks for.
	APIs bool `json:"apis"`
	// Upgrade says whether a release is there already in the base.
	Upgrade bool `json:"upgrade"`
	// Set are the values that differ from the base.
	Set []change `json:"set"`
	// Full renders all, and not only what seems to read one of the values that differ.
	Full bool `json:"full"`
}

// change is one value that differs from a base: at keys of maps and positions in lists.
type change struct {
	Path  []interface{} `json:"path"`
	Value interface{}   `json:"value"`
}

// answer says what came of a request.
type answer struct {
	ID int `json:"id"`
	// Changed says whether the rendering differs from the base's. A rendering that fails differs.
	Changed bool `json:"changed"`
	// Error is why it does not render.
	Error string `json:"error,omitempty"`
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: probe CHART.tgz RELEASE KUBERNETES-VERSION")
		os.Exit(2)
	}
	debug.SetGCPercent(400)
	renderer, err := newRenderer(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out := json.NewEncoder(os.Stdout)
	var writing sync.Mutex
	reply := func(one answer) {
		writing.Lock()
		defer writing.Unlock()
		_ = out.Encode(one)
	}
	waiting := make(chan request)
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Add(1)
		go func() {
			defer working.Done()
			for one := range waiting {
				reply(renderer.try(one))
			}
		}()
	}
	decoder := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	for {
		var one request
		if err := decoder.Decode(&one); err != nil {
			break
		}
		if one.Values != nil {
			reply(renderer.define(one))
			continue
		}
		waiting <- one
	}
	close(waiting)
	working.Wait()
}
