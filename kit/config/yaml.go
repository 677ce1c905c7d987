package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

// loadYAML applies the file. It reads nodes instead of decoding into the struct, because only nodes know their line.
func loadYAML(fields []*field, o Options) []error {
	name, content := o.Path, o.YAML
	if content == nil && name != "" {
		var err error
		if content, err = readFile(name); err != nil {
			return []error{err}
		}
	}
	if name == "" {
		name = "configuration file"
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return []error{fmt.Errorf("%s is not valid YAML: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))}
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return []error{fmt.Errorf("%s must hold exactly one YAML document", name)}
	}
	l := yamlLoader{file: name, fields: map[string]*field{}, children: map[string][]string{}}
	for _, f := range fields {
		l.fields[f.key] = f
		for key := f.key; key != ""; {
			parent := key[:max(0, strings.LastIndexByte(key, '.'))]
			l.children[parent] = append(l.children[parent], strings.TrimPrefix(key[len(parent):], "."))
			key = parent
		}
	}
	l.section(document.Content[0], "")
	return l.problems
}

type yamlLoader struct {
	file     string
	fields   map[string]*field
	children map[string][]string // section → the names in it, for "did you mean"
	problems []error
}

func (l *yamlLoader) fail(n *yaml.Node, format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf("%s line %d: %w", l.file, n.Line, fmt.Errorf(format, args...)))
}

func (l *yamlLoader) section(n *yaml.Node, path string) {
	n = resolve(n)
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // a section with every line commented out
	}
	if n.Kind != yaml.MappingNode {
		l.fail(n, "%s must be a section of keys", orFile(path))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		keyNode, value := n.Content[i], n.Content[i+1]
		key := join(path, keyNode.Value)
		f, isField := l.fields[key]
		_, isSection := l.children[key]
		switch {
		case keyNode.Value == "" || strings.Contains(keyNode.Value, ".") || !isField && !isSection:
			l.fail(keyNode, "unknown key %s%s", key, didYouMean(keyNode.Value, l.children[path]))
		case seen[key]:
			l.fail(keyNode, "%s is set twice", key)
		case isSection:
			l.section(value, key)
		default:
			l.setting(f, value)
		}
		seen[key] = true
	}
}

func (l *yamlLoader) setting(f *field, n *yaml.Node) {
	n = resolve(n)
	var err error
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		err = errors.New("has no value; remove the line to keep the default")
	case n.Kind == yaml.ScalarNode:
		err = f.set(n.Value) // the text as typed, so `pin: 0042` keeps its zeros
	case n.Kind == yaml.SequenceNode && f.kind() == "list":
		list := []string{}
		for _, item := range n.Content {
			if item = resolve(item); item.Kind != yaml.ScalarNode {
				l.fail(item, "%s: an item of the list is not a plain value", f.key)
				return
			}
			list = append(list, item.Value)
		}
		err = f.setList(list)
	default:
		err = errors.New("must be one plain value")
	}
	if err != nil {
		l.fail(n, "%s: %w", f.key, err)
		return
	}
	f.source, f.origin = File, fmt.Sprintf("%s:%d", l.file, n.Line)
}

// resolve follows an alias to the node it stands for.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func orFile(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}
