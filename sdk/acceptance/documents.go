package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// documents are the OpenAPI documents of the shop, by surface. Every answer has to be what they say: clients are
// generated from them.
type documents map[string]any

// readDocuments fetches them.
func (s *suite) readDocuments(t *testing.T) {
	t.Helper()
	read := documents{}
	for _, surface := range []string{"store", "admin"} {
		read[surface] = s.want(t, http.StatusOK, request{method: "GET", path: "/openapi/" + surface + ".v1.json"}).doc
	}
	s.documents = read
}

// faults says where an answer is not what its document promises.
func (d documents) faults(a answer) []string {
	path, _, _ := strings.Cut(a.request.path, "?")
	doc := d[strings.SplitN(strings.TrimPrefix(path, "/"), "/", 2)[0]]
	if doc == nil || a.docErr != nil || !isAPI(path) {
		return nil
	}
	responses, route := responsesOf(doc, a.request.method, path)
	if responses == nil {
		return nil // what is not there is answered as well
	}
	where := fmt.Sprintf("%s %s answers %d", a.request.method, route, a.status)
	response, ok := responses[strconv.Itoa(a.status)].(map[string]any)
	switch {
	case ok:
	case a.status >= http.StatusBadRequest:
		response, _ = responses["default"].(map[string]any)
	case a.status != http.StatusNotModified:
		return []string{where + ", which is not documented"}
	}
	content, _ := response["content"].(map[string]any)
	kind, _ := content["application/json"].(map[string]any)
	schema, _ := kind["schema"].(map[string]any)
	if schema == nil {
		return nil
	}
	var faults []string
	for _, fault := range fits(doc, schema, a.doc, "the body") {
		faults = append(faults, where+": "+fault)
	}
	return faults
}

// responsesOf finds the operation of a path; one without a parameter where another has one goes first.
func responsesOf(doc any, method, path string) (responses map[string]any, route string) {
	paths, _ := lookup(doc, "paths")
	known, _ := paths.(map[string]any)
	steps := strings.Split(path, "/")
	for _, candidate := range slices.SortedFunc(maps.Keys(known), func(a, b string) int { return strings.Count(a, "{") - strings.Count(b, "{") }) {
		same := slices.EqualFunc(strings.Split(candidate, "/"), steps, func(want, got string) bool { return want == got || strings.HasPrefix(want, "{") })
		item, _ := known[candidate].(map[string]any)
		operation, ok := item[strings.ToLower(method)].(map[string]any)
		if same && ok {
			responses, _ = operation["responses"].(map[string]any)
			return responses, candidate
		}
	}
	return nil, ""
}

// fits says where a value is not what a schema allows: types, null, enums, keys that are required or unknown.
func fits(doc any, schema map[string]any, v any, path string) []string {
	if ref, ok := schema["$ref"].(string); ok {
		found, _ := lookup(doc, strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", "."))
		target, ok := found.(map[string]any)
		if !ok {
			return []string{"nothing is at " + ref}
		}
		return fits(doc, target, v, path)
	}
	if either, ok := schema["anyOf"].([]any); ok {
		var faults []string
		for _, one := range either {
			choice, _ := one.(map[string]any)
			if faults = fits(doc, choice, v, path); len(faults) == 0 || v != nil {
				break
			}
		}
		return faults
	}
	if !typed(schema["type"], v) {
		return []string{fmt.Sprintf("%s is %s, want %v", path, show(v), schema["type"])}
	}
	if values, ok := schema["enum"].([]any); ok && !slices.Contains(values, v) {
		return []string{fmt.Sprintf("%s is %s, want one of %v", path, show(v), values)}
	}
	switch v := v.(type) {
	case map[string]any:
		return fitsObject(doc, schema, v, path)
	case []any:
		items, _ := schema["items"].(map[string]any)
		var faults []string
		for i, item := range v {
			faults = append(faults, fits(doc, items, item, fmt.Sprintf("%s.%d", path, i))...)
		}
		return faults
	}
	return nil
}

func fitsObject(doc any, schema, v map[string]any, path string) []string {
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	values, _ := schema["additionalProperties"].(map[string]any)
	var faults []string
	for _, key := range required {
		if _, ok := v[fmt.Sprint(key)]; !ok {
			faults = append(faults, fmt.Sprintf("%s lacks %v", path, key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		property, known := properties[key].(map[string]any)
		switch {
		case known:
			faults = append(faults, fits(doc, property, v[key], path+"."+key)...)
		case values != nil:
			faults = append(faults, fits(doc, values, v[key], path+"."+key)...)
		case schema["additionalProperties"] == false:
			faults = append(faults, fmt.Sprintf("%s has %s, which is not documented", path, key))
		}
	}
	return faults
}

// typed says whether a value is of the type, or of one of the types, that a schema names. Without a type anything is.
func typed(want, v any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return typed(one, v) })
	}
	switch want {
	case nil:
		return true
	case "null":
		return v == nil
	case "integer":
		number, ok := v.(json.Number)
		_, err := number.Int64()
		return ok && err == nil
	}
	name := ""
	switch v.(type) {
	case map[string]any:
		name = "object"
	case []any:
		name = "array"
	case string:
		name = "string"
	case bool:
		name = "boolean"
	case json.Number:
		name = "number"
	}
	return want == name
}
