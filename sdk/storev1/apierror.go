package storev1

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// APIError is an answer whose status says that the call failed. Compare Code, which is stable; show Message.
type APIError struct {
	Status     int               // HTTP status
	Code       string            // such as "inventory.insufficient_stock"; empty when the answer was not the shop's
	Message    string            // one sentence for a person
	Details    []json.RawMessage // field errors or objects of the error's own: see DetailsOf
	RequestID  string            // finds the call in the shop's logs
	RetryAfter time.Duration     // when a retry makes sense; zero: unsaid
}

// Error says the status, the code and the sentence.
func (e *APIError) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("the shop answered %d: %s", e.Status, e.Message)
	}
	return fmt.Sprintf("the shop answered %d %s: %s", e.Status, e.Code, e.Message)
}

// ErrorOf reads an answer as an error. It returns nil when the status says that the call succeeded. An answer that is
// not in the contract's shape, such as a proxy's page, keeps its status and gets no code.
func ErrorOf(status int, header http.Header, body []byte) *APIError {
	if status < http.StatusBadRequest {
		return nil
	}
	out := &APIError{Status: status, Message: http.StatusText(status), RequestID: header.Get("X-Request-Id")}
	if seconds, err := strconv.Atoi(header.Get("Retry-After")); err == nil && seconds > 0 {
		out.RetryAfter = time.Duration(seconds) * time.Second
	}
	var doc struct {
		Error struct {
			Code    string            `json:"code"`
			Message string            `json:"message"`
			Details []json.RawMessage `json:"details"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &doc) == nil && doc.Error.Code != "" {
		out.Code, out.Message, out.Details = doc.Error.Code, doc.Error.Message, doc.Error.Details
	}
	return out
}

// DetailsOf reads the details of an error as objects of one kind, such as FieldError or StockShortage.
func DetailsOf[T any](e *APIError) ([]T, error) {
	out := make([]T, len(e.Details))
	for i, raw := range e.Details {
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			return nil, fmt.Errorf("detail %d: %w", i, err)
		}
	}
	return out, nil
}
