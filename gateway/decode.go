package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// shape is how one struct of the SDK is read: its schema says what is allowed.
type shape struct {
	registry huma.Registry
	schema   *huma.Schema
	typ      reflect.Type
	patch    bool
}

// body reads a document. Its errors: not JSON at all (400), or the fields that are wrong (422).
func (s shape) body(data []byte, into any) error {
	if !utf8.Valid(data) { // it would be read, with every letter that does not fit replaced
		return errEncoding
	}
	var raw any
	if err := json.Unmarshal(data, &raw); err != nil {
		return errNotJSON.WithCause(err)
	}
	var found []fault.Field
	s.strangers(s.schema, raw, "", &found)
	result := &huma.ValidateResult{}
	huma.Validate(s.registry, s.schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, raw, result)
	for _, err := range result.Errors {
		if f, ok := fieldOf(err); ok && !named(found, f.Field) {
			found = append(found, f)
		}
	}
	if len(found) > 0 {
		return errBody.WithFields(found...)
	}
	if err := json.Unmarshal(data, into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return errBody.WithField(wrong.Field, "wrong_type", "This value does not fit.")
		}
		return errBody.WithCause(err)
	}
	if s.patch {
		for _, f := range storev1.NullErrors(into) {
			found = append(found, fault.Field(f))
		}
		if len(found) > 0 {
			return errBody.WithFields(found...)
		}
	}
	return nil
}

// noBody is the shape of a body where none is asked for: an empty object, which many clients send.
func noBody(registry huma.Registry) shape {
	return shape{registry: registry, schema: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: true}}
}

func named(fields []fault.Field, name string) bool {
	return slices.ContainsFunc(fields, func(f fault.Field) bool { return f.Field == name })
}

// strangers finds keys that the schema does not know, letter by letter, and texts the database could not hold.
func (s shape) strangers(schema *huma.Schema, v any, path string, found *[]fault.Field) {
	if schema != nil && schema.Ref != "" {
		schema = s.registry.SchemaFromRef(schema.Ref)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(mapKeys(v)) {
			at := key
			if path != "" {
				at = path + "." + key
			}
			if schema == nil || schema.Properties == nil {
				s.strangers(valueSchema(schema), v[key], at, found)
				continue
			}
			property, known := schema.Properties[key]
			if !known {
				*found = append(*found, fault.Field{Field: at, Code: "unknown_key", Message: "This key is not known here."})
				continue
			}
			s.strangers(property, v[key], at, found)
		}
	case []any:
		var items *huma.Schema
		if schema != nil {
			items = schema.Items
		}
		for i, item := range v {
			s.strangers(items, item, path+"["+strconv.Itoa(i)+"]", found)
		}
	case string:
		if strings.ContainsRune(v, 0) {
			*found = append(*found, fault.Field{Field: path, Code: "malformed", Message: "A text cannot hold the character NUL."})
		}
	}
}

func valueSchema(schema *huma.Schema) *huma.Schema {
	if schema == nil {
		return nil
	}
	values, _ := schema.AdditionalProperties.(*huma.Schema)
	return values
}

func mapKeys(m map[string]any) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// fieldOf reads one finding of the validator. Keys that are not known are found by strangers, which is stricter.
func fieldOf(err error) (fault.Field, bool) {
	var detail *huma.ErrorDetail
	if !errors.As(err, &detail) {
		return fault.Field{Code: "invalid", Message: err.Error()}, true
	}
	message := detail.Message
	if strings.HasPrefix(message, "unexpected property") {
		return fault.Field{}, false
	}
	f := fault.Field{Field: strings.Trim(detail.Location, "."), Code: "wrong_type", Message: sentence(message)}
	if property, ok := strings.CutPrefix(message, "expected required property "); ok {
		property, _, _ = strings.Cut(property, " ")
		f.Code, f.Message = "required", "This field is required."
		if f.Field != "" {
			f.Field += "."
		}
		f.Field += property
		return f, true
	}
	for _, c := range [...]struct{ prefix, code string }{
		{"expected number >", "too_small"}, {"expected number <", "too_large"},
		{"expected length >", "too_short"}, {"expected length <", "too_long"},
		{"expected array length >", "too_few"}, {"expected array length <", "too_many"},
		{"expected array items to be unique", "duplicate"}, {"expected value to be one of", "not_allowed"},
		{"expected string to", "malformed"},
	} {
		if strings.HasPrefix(message, c.prefix) {
			f.Code = c.code
		}
	}
	return f, true
}

// sentence makes the validator's note one for people.
func sentence(note string) string {
	if strings.HasPrefix(note, "expected string to be ") {
		note, _, _ = strings.Cut(note, ": ") // behind it is what a parser of Go's says
	}
	return strings.ToUpper(note[:1]) + note[1:] + "."
}

// parameter is one value of the query.
type parameter struct {
	name   string
	prefix string // of all names that are let through; the rest is a key of the map it fills
	index  []int
	schema *huma.Schema
	def    string
}

// parameters lists the query parameters of a struct.
func parameters(registry huma.Registry, t reflect.Type) []parameter {
	var out []parameter
	if t == nil {
		return nil
	}
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("query")
		if name == "" {
			continue
		}
		field := f
		if alias, ok := storev1.Schemas()[f.Type]; ok {
			field.Type = alias
		}
		schema := huma.SchemaFromField(registry, field, "")
		out = append(out, parameter{prefix: f.Tag.Get("prefix"), name: name, index: f.Index, schema: schema, def: f.Tag.Get("default")})
	}
	return out
}

// readQuery fills a struct from the query. A parameter that is unknown, given twice or out of bounds is refused by name.
func readQuery(registry huma.Registry, params []parameter, raw string, into reflect.Value) error {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return errQuery.WithCause(err)
	}
	var found []fault.Field
	for _, name := range slices.Sorted(urlKeys(values)) {
		switch i := slices.IndexFunc(params, func(p parameter) bool { return p.takes(name) }); {
		case i < 0:
			found = append(found, fault.Field{Field: name, Code: "unknown_parameter", Message: "This parameter is not known here."})
		case len(values[name]) > 1:
			found = append(found, fault.Field{Field: name, Code: "duplicate", Message: "This parameter is given more than once."})
		default:
			if f, ok := params[i].named(name).read(registry, values[name][0], into); !ok {
				found = append(found, f)
			}
		}
	}
	for _, p := range params {
		if p.def != "" && !values.Has(p.name) {
			p.read(registry, p.def, into)
		}
	}
	if len(found) > 0 {
		return errQuery.WithFields(found...)
	}
	return nil
}

// knownOnly is a query without the parameters that are not known.
func knownOnly(params []parameter, raw string) string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return raw // which is refused
	}
	for name := range values {
		if !slices.ContainsFunc(params, func(p parameter) bool { return p.takes(name) }) {
			delete(values, name)
		}
	}
	return values.Encode()
}

// takes reports whether a name of the query is meant for the parameter.
func (p parameter) takes(name string) bool {
	if p.prefix == "" {
		return p.name == name
	}
	return strings.HasPrefix(name, p.prefix) && name != p.prefix
}

// named is the parameter as it was called.
func (p parameter) named(name string) parameter {
	p.name = name
	return p
}

func urlKeys(v url.Values) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range v {
			if !yield(k) {
				return
			}
		}
	}
}

func (p parameter) read(registry huma.Registry, text string, into reflect.Value) (fault.Field, bool) {
	wrong := func(code, message string) (fault.Field, bool) {
		return fault.Field{Field: p.name, Code: code, Message: message}, false
	}
	if strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
		return wrong("malformed", "This value is not a text.")
	}
	target := into.FieldByIndex(p.index)
	if many, ok := target.Addr().Interface().(*map[string]string); ok {
		if *many == nil {
			*many = map[string]string{}
		}
		(*many)[strings.TrimPrefix(p.name, p.prefix)] = text
		return fault.Field{}, true
	}
	// An Optional says itself where its value goes.
	optional, _ := target.Addr().Interface().(interface {
		Receiver() reflect.Value
		OnParamSet(isSet bool, _ any)
	})
	if optional != nil {
		target = optional.Receiver()
	}
	var check any
	switch at := target.Addr().Interface().(type) {
	case *string:
		if text == "" {
			return fault.Field{}, true // the same as not given
		}
		*at, check = text, text
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return wrong("wrong_type", "Expected a whole number.")
		}
		*at, check = n, float64(n)
	case *int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return wrong("wrong_type", "Expected a whole number.")
		}
		*at, check = n, float64(n)
	case *bool:
		switch text {
		case "true", "false":
			*at, check = text == "true", text == "true"
		default:
			return wrong("wrong_type", "Expected true or false.")
		}
	case *storev1.Time:
		if err := at.UnmarshalText([]byte(text)); err != nil {
			return wrong("malformed", "Expected a time such as 2026-01-31T12:00:00Z.")
		}
		check = text
	default:
		return wrong("wrong_type", fmt.Sprintf("A %s cannot be read.", target.Type()))
	}
	result := &huma.ValidateResult{}
	huma.Validate(registry, p.schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, check, result)
	for _, err := range result.Errors {
		if f, ok := fieldOf(err); ok {
			return wrong(f.Code, f.Message)
		}
	}
	if optional != nil {
		optional.OnParamSet(true, nil)
	}
	return fault.Field{}, true
}

// isJSON accepts application/json with any parameters.
func isJSON(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(media), "application/json")
}
