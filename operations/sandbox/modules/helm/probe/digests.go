package main

import (
	"strings"
	"text/template"
	"text/template/parse"
)

// withoutDigests takes the digests of files out of templates, with which a pod starts anew for another configuration: what a
// value does to a file is seen where that is rendered itself.
func withoutDigests(templates *template.Template) {
	for _, one := range templates.Templates() {
		if one.Tree == nil || one.Root == nil || !ofFile(one.Root) {
			continue
		}
		if isAllDigest(one.Root) {
			one.Root.Nodes = []parse.Node{&parse.TextNode{NodeType: parse.NodeText, Text: []byte("digest")}}
		} else {
			undigested(one.Root)
		}
	}
}

func ofFile(node parse.Node) bool { return strings.Contains(node.String(), "Template.BasePath") }

// isAllDigest says whether a template prints nothing else than a digest.
func isAllDigest(of *parse.ListNode) bool {
	printed := 0
	for _, node := range of.Nodes {
		switch one := node.(type) {
		case *parse.TextNode:
			if strings.TrimSpace(string(one.Text)) != "" {
				return false
			}
		case *parse.ActionNode:
			if len(one.Pipe.Decl) == 0 {
				printed++
				if !isDigest(one.Pipe.Cmds[len(one.Pipe.Cmds)-1]) {
					return false
				}
			}
		default:
			return false
		}
	}
	return printed == 1
}

func isDigest(one *parse.CommandNode) bool {
	function, ok := one.Args[0].(*parse.IdentifierNode)
	return ok && (strings.HasPrefix(function.Ident, "sha") && strings.HasSuffix(function.Ident, "sum") || function.Ident == "adler32sum")
}

func undigested(node parse.Node) {
	switch one := node.(type) {
	case *parse.ListNode:
		if one != nil {
			for _, inner := range one.Nodes {
				undigested(inner)
			}
		}
	case *parse.ActionNode:
		undigested(one.Pipe)
	case *parse.IfNode:
		undigestedBranch(&one.BranchNode)
	case *parse.WithNode:
		undigestedBranch(&one.BranchNode)
	case *parse.RangeNode:
		undigestedBranch(&one.BranchNode)
	case *parse.PipeNode:
		for i, command := range one.Cmds {
			if isDigest(command) && ofFile(one) {
				text := &parse.StringNode{NodeType: parse.NodeString, Quoted: `"digest"`, Text: "digest"}
				constant := &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{text}}
				one.Cmds = append([]*parse.CommandNode{constant}, one.Cmds[i+1:]...)
				return
			}
		}
	}
}

func undigestedBranch(one *parse.BranchNode) {
	undigested(one.List)
	undigested(one.ElseList)
}
