package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// field is one setting: where it lives in the struct, what it is called, and where its value came from.
type field struct {
	key     string // "gateway.rate_limit"
	env     string // "SOVECOM_GATEWAY_RATE_LIMIT"
	doc     string
	secret  bool
	value   reflect.Value // addressable, inside the struct being loaded
	initial string        // the default, in the form a human would type
	source  Source
	origin  string // the variable or "file:line"
}

// walk lists the settings of a struct in declaration order. Its errors are the programmer's, not the operator's.
func walk(root reflect.Value) ([]*field, error) {
	if root.Kind() != reflect.Struct {
		return nil, fmt.Errorf("config: %s is not a struct", root.Type())
	}
	fields, err := walkSection(root, "")
	if err != nil {
		return nil, err
	}
	owner := map[string]string{}
	for _, f := range fields {
		for _, name := range f.names() {
			if other, taken := owner[name]; taken {
				return nil, fmt.Errorf("config: %s and %s both answer to %s", other, f.key, name)
			}
			owner[name] = f.key
		}
	}
	return fields, nil
}

func walkSection(v reflect.Value, path string) ([]*field, error) {
	var fields []*field
	keys := map[string]bool{}
	for i := range v.NumField() {
		t := v.Type().Field(i)
		name, tagged := t.Tag.Lookup("config")
		where := v.Type().String() + "." + t.Name
		switch {
		case name == "-" || !t.IsExported() && !tagged:
			continue
		case !t.IsExported() || name == "" || t.Anonymous || keys[name]:
			// Embedded structs are refused because their Validate would be promoted and called twice.
			return nil, fmt.Errorf(`config: %s must be exported, not embedded, and have a config:"name" of its own`, where)
		}
		keys[name] = true
		if t.Type.Kind() == reflect.Struct {
			section, err := walkSection(v.Field(i), join(path, name))
			if err != nil {
				return nil, err
			}
			if len(section) == 0 { // time.Time and its like: nothing in it could be set
				return nil, fmt.Errorf("config: %s holds no settings", where)
			}
			fields = append(fields, section...)
			continue
		}
		f := &field{key: join(path, name), env: t.Tag.Get("env"), doc: t.Tag.Get("doc"), value: v.Field(i), source: Default}
		if f.env == "" {
			f.env = EnvPrefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(f.key))
		}
		if f.kind() == "" {
			return nil, fmt.Errorf("config: %s has the unsupported kind %s", where, t.Type)
		}
		f.secret = t.Type == reflect.TypeFor[Secret]() || t.Tag.Get("secret") == "true"
		if list, ok := f.value.Addr().Interface().(*[]string); ok {
			*list = slices.Clone(*list) // the loaded value must not share memory with the caller's defaults
		}
		f.initial = f.text()
		fields = append(fields, f)
	}
	return fields, nil
}

// names are the environment variables the setting answers to.
func (f *field) names() []string {
	if f.secret {
		return []string{f.env, f.env + fileSuffix}
	}
	return []string{f.env}
}

// kind is the kind of value as an operator would say it; "" for a Go type that is not supported.
func (f *field) kind() string {
	switch f.value.Interface().(type) {
	case time.Duration:
		return "duration"
	case []string:
		return "list"
	}
	switch f.value.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Float64:
		return "number"
	}
	return ""
}

// text is the current value in the form it could be typed in. It is NOT redacted.
func (f *field) text() string {
	switch v := f.value.Interface().(type) {
	case []string:
		return strings.Join(v, ",")
	case time.Duration:
		return shortDuration(v)
	}
	if f.value.Kind() == reflect.String {
		return f.value.String() // not Sprint: Secret would answer with its redacted self
	}
	return fmt.Sprint(f.value.Interface())
}

// set parses text into the setting. Its error says what was expected and shows the value unless it is a secret.
func (f *field) set(text string) error {
	ok := true
	switch f.kind() {
	case "string":
		f.value.SetString(text)
	case "boolean":
		ok = text == "true" || text == "false"
		if ok {
			f.value.SetBool(text == "true")
		}
	case "integer":
		n, err := strconv.ParseInt(text, 10, f.value.Type().Bits())
		if ok = err == nil; ok {
			f.value.SetInt(n)
		}
	case "number":
		n, err := strconv.ParseFloat(text, 64)
		if ok = err == nil && n-n == 0; ok { // n-n is NaN for NaN and the infinities
			f.value.SetFloat(n)
		}
	case "duration":
		d, err := time.ParseDuration(text)
		if ok = err == nil; ok {
			f.value.SetInt(int64(d))
		}
	case "list":
		list := []string{}
		for item := range strings.SplitSeq(text, ",") {
			list = append(list, strings.TrimSpace(item))
		}
		if strings.TrimSpace(text) == "" {
			list = []string{}
		}
		return f.setList(list)
	}
	if !ok {
		return f.expected(text)
	}
	return nil
}

func (f *field) setList(list []string) error {
	if slices.Contains(list, "") {
		return f.expected(strings.Join(list, ","))
	}
	f.value.Set(reflect.ValueOf(list))
	return nil
}

// expected is the error for a value that does not fit.
func (f *field) expected(text string) error {
	want := map[string]string{
		"boolean":  "true or false",
		"integer":  "a whole number",
		"number":   "a number such as 0.5",
		"duration": "a duration such as 500ms, 30s, 15m or 24h",
		"list":     "a list without empty items, such as a,b,c",
		"string":   "a text",
	}[f.kind()]
	if f.secret {
		return fmt.Errorf("the value (not shown, it is a secret) is not %s", want)
	}
	return fmt.Errorf("%q is not %s", clip(text), want)
}

// clip keeps a file that landed in a variable by mistake from filling the terminal.
func clip(s string) string {
	const limit = 80
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

// shortDuration drops the zero units Duration.String adds: 15m, not 15m0s.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
