package acceptance

import (
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

var errorCode = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)+$`)

// leaks are signs of the machine behind an error, which no stranger may see.
func leaks() []string {
	return []string{"goroutine ", "panic", "SQLSTATE", "pgx", "nats:", "dial tcp", ".go:", "sql:", "runtime error"}
}

// audit says what is wrong with an answer whatever was asked. plainLoopback allows cookies without Secure.
func audit(a answer, plainLoopback bool) []string {
	var faults []string
	if a.status >= http.StatusInternalServerError {
		faults = append(faults, "the shop failed: "+clip(a.body))
	}
	if a.status == http.StatusTooManyRequests {
		faults = append(faults, "the shop limits the suite: set SOVECOM_GATEWAY_RATE_LIMIT=0")
	}
	if a.header.Get("X-Request-Id") == "" {
		faults = append(faults, "there is no X-Request-Id")
	}
	if a.status == http.StatusCreated && !strings.HasPrefix(a.header.Get("Location"), "/") {
		faults = append(faults, fmt.Sprintf("it was created, and the Location is %q", a.header.Get("Location")))
	}
	faults = append(faults, auditCookies(a.header, plainLoopback)...)
	switch {
	case a.status == http.StatusNoContent || a.status == http.StatusNotModified:
		if len(a.body) > 0 {
			faults = append(faults, "there is a body: "+clip(a.body))
		}
	case isAPI(a.request.path) || a.status >= http.StatusBadRequest:
		faults = append(faults, auditJSON(a)...)
	}
	return faults
}

func isAPI(path string) bool {
	return strings.HasPrefix(path, "/store/v1") || strings.HasPrefix(path, "/admin/v1")
}

func auditJSON(a answer) []string {
	var faults []string
	if kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); kind != "application/json" {
		faults = append(faults, fmt.Sprintf("the content type is %q, want application/json", a.header.Get("Content-Type")))
	}
	if a.docErr != nil {
		return append(faults, fmt.Sprintf("the body is not JSON (%v): %s", a.docErr, clip(a.body)))
	}
	if a.status >= http.StatusBadRequest {
		return append(faults, auditError(a)...)
	}
	return append(faults, auditEnvelope(a)...)
}

func auditEnvelope(a answer) []string {
	doc, _ := a.doc.(map[string]any)
	data, ok := doc["data"]
	if !ok {
		return []string{"there is no data: " + clip(a.body)}
	}
	want := []string{"data"}
	if _, list := data.([]any); list {
		want = append(want, "meta")
	}
	return sameKeys("the document", doc, want)
}

func auditError(a answer) []string {
	doc, _ := a.doc.(map[string]any)
	faults := sameKeys("the document", doc, []string{"error"})
	body, _ := doc["error"].(map[string]any)
	faults = append(faults, sameKeys("error", body, []string{"code", "details", "message"})...)
	if code, _ := body["code"].(string); !errorCode.MatchString(code) {
		faults = append(faults, fmt.Sprintf("the code %q is not owner.lower_snake_case", code))
	}
	if message, _ := body["message"].(string); strings.TrimSpace(message) == "" || strings.Contains(message, "\n") {
		faults = append(faults, fmt.Sprintf("the message %q is not one clear sentence", message))
	}
	if _, ok := body["details"].([]any); !ok {
		faults = append(faults, "details is not an array")
	}
	for _, leak := range leaks() {
		if strings.Contains(string(a.body), leak) {
			faults = append(faults, fmt.Sprintf("the error lets %q out: %s", leak, clip(a.body)))
		}
	}
	return faults
}

func auditCookies(header http.Header, plainLoopback bool) []string {
	var faults []string
	for _, c := range (&http.Response{Header: header}).Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure == plainLoopback {
			faults = append(faults, fmt.Sprintf("the cookie %s is not HttpOnly; Secure (off only on plain http loopback); SameSite=Lax; Path=/: %s", c.Name, c.Raw))
		}
	}
	return faults
}

func sameKeys(what string, got map[string]any, want []string) []string {
	var faults []string
	for _, key := range want {
		if _, ok := got[key]; !ok {
			faults = append(faults, fmt.Sprintf("%s lacks %q", what, key))
		}
	}
	for key := range got {
		if !slices.Contains(want, key) {
			faults = append(faults, fmt.Sprintf("%s has %q, which the contract does not know", what, key))
		}
	}
	slices.Sort(faults)
	return faults
}
