package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sovecom/sovecom/sdk/storev1"
)

// OpenAPI is the document of a surface ("store" or "admin") as JSON, OpenAPI 3.1, made from the routes and the structs
// of the SDK.
func (g *Gateway) OpenAPI(name string) ([]byte, error) {
	for _, s := range []*surface{g.store, g.admin} {
		if s.name == name {
			return s.document("json")
		}
	}
	return nil, fmt.Errorf("gateway: there is no surface called %q", name)
}

const apiVersion = "1.0.0"

func (s *surface) document(format string) ([]byte, error) {
	var operations []*huma.Operation
	for _, b := range s.routes { // before the schemas are copied: they name some for the first time
		operations = append(operations, s.operation(b))
	}
	doc := &huma.OpenAPI{
		OpenAPI:    "3.1.0",
		Info:       &huma.Info{Title: "SovEcom " + s.title, Version: apiVersion, License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}},
		Servers:    []*huma.Server{{URL: "/"}},
		Components: &huma.Components{Schemas: s.described(), SecuritySchemes: map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"}}},
	}
	for _, op := range operations {
		doc.AddOperation(op)
	}
	if format == "yaml" {
		return doc.YAML()
	}
	return doc.MarshalJSON()
}

func (s *surface) operation(b *bound) *huma.Operation {
	_, name, _ := strings.Cut(strings.TrimPrefix(b.procedure, "/"), "/")
	op := &huma.Operation{
		Method: b.method, Path: s.base + b.path, OperationID: operationID(b, name), Summary: b.summary, Description: b.note,
		Tags: []string{strings.Split(strings.TrimPrefix(b.path, "/"), "/")[0]}, Responses: map[string]*huma.Response{},
	}
	for segment := range strings.SplitSeq(b.path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			op.Parameters = append(op.Parameters, &huma.Param{Name: strings.TrimSuffix(name, "}"), In: "path", Required: true, Schema: &huma.Schema{Type: "string"}})
		}
	}
	for _, p := range b.params {
		param := &huma.Param{Name: p.name, In: "query", Description: p.schema.Description, Schema: p.schema}
		if p.prefix != "" { // an object that is exploded: its keys are the names of the parameters
			exploded := true
			param.Style, param.Explode = "form", &exploded
		}
		op.Parameters = append(op.Parameters, param)
	}
	header := func(name, what string, required bool) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "header", Description: what, Required: required, Schema: &huma.Schema{Type: "string"}})
	}
	if b.method == http.MethodPost && (b.raw == nil || len(b.consumes) > 0) {
		header(keyHeader, "Makes the request safe to repeat: the same key and body get the first answer again.", b.keyRequired)
	}
	if s.name == "admin" && b.ifMatch() {
		header("If-Match", "The ETag of the version this change is meant for; a stale one gets 412.", false)
	}
	if strings.HasPrefix(b.path, "/carts/{id}") {
		header(cartHeader, "The cart's secret, unless the cookie sov_cart or its owner's access token opens it.", false)
	}
	if b.cached != notCached {
		header("If-None-Match", "The ETag of what the caller has; unchanged gets 304.", false)
	}
	if b.policy.Permission != "" && b.policy.Permission != "public" || b.signedIn {
		op.Security = []map[string][]string{{"bearer": {}}}
	}
	if p := b.policy.Permission; p != "" && p != "public" {
		op.Extensions = map[string]any{"x-permission": p}
	}
	if t := b.endpoint.body; t != nil {
		op.RequestBody = &huma.RequestBody{Required: !b.endpoint.optional, Content: map[string]*huma.MediaType{"application/json": {Schema: s.registry.Schema(t, true, "")}}}
	}
	if len(b.consumes) > 0 {
		op.RequestBody = &huma.RequestBody{Required: true, Content: bytesOf(b.consumes)}
	} else if b.raw != nil && len(b.produces) == 0 {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type: "object", Required: []string{"file"},
			Properties: map[string]*huma.Schema{
				"file": {Type: "string", Format: "binary"}, "alt": {Type: "string"}, "folder": {Type: "string"}, "filename": {Type: "string"},
				"label": {Type: "array", Items: &huma.Schema{Type: "string"}},
			},
		}}}}
	}
	ok := &huma.Response{Description: http.StatusText(b.status)}
	if t := b.endpoint.out; t != nil {
		ok.Content = map[string]*huma.MediaType{"application/json": {Schema: s.registry.Schema(t, true, "")}}
	}
	if len(b.produces) > 0 {
		ok.Content = bytesOf(b.produces)
	}
	op.Responses[strconv.Itoa(b.status)] = ok
	if b.orGone {
		op.Responses[strconv.Itoa(http.StatusNoContent)] = &huma.Response{Description: http.StatusText(http.StatusNoContent)}
	}
	op.Responses["default"] = &huma.Response{Description: "What went wrong.", Content: map[string]*huma.MediaType{
		"application/json": {Schema: s.registry.Schema(typeOf[storev1.Error](), true, "")},
	}}
	return op
}

// bytesOf describes a body that is handed through as it is.
func bytesOf(types []string) map[string]*huma.MediaType {
	content := map[string]*huma.MediaType{}
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	return content
}

// ifMatch says whether the route changes a resource that carries a version.
func (b *bound) ifMatch() bool {
	return b.method == http.MethodPatch || b.method == http.MethodPut || b.method == http.MethodDelete
}

// operationID is the RPC's name, unless two routes stand for one RPC.
func operationID(b *bound, rpcName string) string {
	if b.raw != nil && len(b.consumes)+len(b.produces) == 0 { // a picture's bytes have no RPC of their own
		if strings.HasSuffix(b.path, "/files") {
			return "uploadFile"
		}
		return "uploadAsset"
	}
	name := strings.ToLower(rpcName[:1]) + rpcName[1:]
	if b.suffix() != "" {
		return name + b.suffix()
	}
	return name
}

// suffix tells apart the routes that share an RPC: parts of one resource.
func (b *bound) suffix() string {
	switch {
	case strings.HasSuffix(b.procedure, "Settings"):
		section := strings.TrimPrefix(b.path, "/settings/")
		return strings.ToUpper(section[:1]) + section[1:]
	case strings.Contains(b.path, "/images"):
		return map[string]string{http.MethodPost: "Append", http.MethodPut: "", http.MethodDelete: "Remove"}[b.method]
	}
	return ""
}
