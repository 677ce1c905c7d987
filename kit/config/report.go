package config

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Source says which layer a value came from.
type Source string

// The layers, weakest first.
const (
	Default Source = "default"
	File    Source = "file"
	Env     Source = "env"
	EnvFile Source = "env_file"
)

// Entry is one setting as it may be shown to anybody: secrets are redacted.
type Entry struct {
	Key     string // "gateway.rate_limit"
	Env     string // "SOVECOM_GATEWAY_RATE_LIMIT"
	Kind    string // string, boolean, integer, number, duration, list
	Doc     string
	Value   string
	Default string
	Source  Source
	Origin  string // the variable's name or "file:line"; "" for a default
	Secret  bool
	Changed bool // the value differs from the default
}

// Report knows, for each setting in declaration order, what it is and where that came from. It never holds a secret.
type Report struct{ entries []Entry }

func newReport(fields []*field) Report {
	var r Report
	for _, f := range fields {
		e := Entry{
			Key: f.key, Env: f.env, Kind: f.kind(), Doc: f.doc, Value: f.text(), Default: f.initial,
			Source: f.source, Origin: f.origin, Secret: f.secret, Changed: f.text() != f.initial,
		}
		if f.secret {
			e.Value, e.Default = redact(e.Value), redact(e.Default)
		}
		r.entries = append(r.entries, e)
	}
	return r
}

// Entries are the settings in declaration order.
func (r Report) Entries() []Entry { return slices.Clone(r.entries) }

// Print writes every setting, its value and its source.
func (r Report) Print(w io.Writer) error {
	return r.table(w, "KEY\tVALUE\tSOURCE", func(e Entry) (string, bool) {
		return fmt.Sprintf("%s\t%s\t%s", e.Key, shown(e.Value), e.from()), true
	})
}

// Diff writes only the settings that differ from their defaults.
func (r Report) Diff(w io.Writer) error {
	return r.table(w, "KEY\tVALUE\tDEFAULT\tSOURCE", func(e Entry) (string, bool) {
		return fmt.Sprintf("%s\t%s\t%s\t%s", e.Key, shown(e.Value), shown(e.Default), e.from()), e.Changed
	})
}

// Markdown writes the table of settings, variables, defaults and documentation that operators read.
func (r Report) Markdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| key | environment | kind | default | what it does |\n|---|---|---|---|---|\n")
	for _, e := range r.entries {
		env := code(e.Env)
		if e.Secret {
			env += ", " + code(e.Env+fileSuffix)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", code(e.Key), env, e.Kind, code(e.Default), cell(e.Doc))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Report) table(w io.Writer, head string, row func(Entry) (string, bool)) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(t, head); err != nil {
		return err
	}
	for _, e := range r.entries {
		if line, wanted := row(e); wanted {
			if _, err := fmt.Fprintln(t, line); err != nil {
				return err
			}
		}
	}
	return t.Flush()
}

func (e Entry) from() string {
	if e.Origin == "" {
		return string(e.Source)
	}
	return string(e.Source) + " " + e.Origin
}

// shown keeps a value in its column: empty values are visible, line breaks and tabs are escaped.
func shown(value string) string {
	switch {
	case value == "":
		return "-"
	case strings.ContainsAny(value, "\t\n\r\v\f"):
		return fmt.Sprintf("%q", value)
	}
	return value
}

func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", "").Replace(s)
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(strings.ReplaceAll(s, "`", "'")) + "`"
}
