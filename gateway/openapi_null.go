package gateway

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sovecom/sovecom/sdk/adminv1"
)

// described are the schemas of a surface as its document shows them. The registry's own cannot say that a reference may
// be null as well, nor that a list of allowed values holds null; requests are validated with those, which take null.
type described struct {
	huma.Registry

	schemas map[string]*huma.Schema
}

func (d described) Map() map[string]*huma.Schema { return d.schemas }

// MarshalJSON writes the schemas by their names.
func (d described) MarshalJSON() ([]byte, error) { return json.Marshal(d.schemas) }

func (s *surface) described() described {
	d := described{Registry: s.registry, schemas: map[string]*huma.Schema{}}
	for name, schema := range s.registry.Map() {
		whole := *schema
		whole.Properties = maps.Clone(schema.Properties)
		fields := nullableFields(s.registry.TypeFromRef("#/components/schemas/" + name))
		for key, p := range whole.Properties {
			switch {
			case p.Ref != "" && fields[key]:
				whole.Properties[key] = &huma.Schema{Description: p.Description, AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}}
			case p.Nullable && len(p.Enum) > 0:
				chosen := *p
				chosen.Enum = append(slices.Clone(p.Enum), nil)
				whole.Properties[key] = &chosen
			}
		}
		d.schemas[name] = &whole
	}
	return d
}

// nullableFields are the keys of a struct of the SDK that may be null.
func nullableFields(t reflect.Type) map[string]bool {
	out := map[string]bool{}
	if t == nil || t.Kind() != reflect.Struct {
		return out
	}
	onWire := adminv1.Schemas()
	for _, field := range reflect.VisibleFields(t) {
		kind := field.Type
		if alias, ok := onWire[kind]; ok {
			kind = alias
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		out[name] = kind.Kind() == reflect.Pointer && field.Tag.Get("nullable") != "false"
	}
	return out
}
