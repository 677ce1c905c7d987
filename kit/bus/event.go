package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// Event is something that has happened.
type Event struct {
	ID        id.ID  // UUIDv7, the same through every redelivery and replay
	Subject   string // evt.<service>.<aggregate>.<verb-past>
	Tenant    id.ID
	Aggregate id.ID // what it happened to
	Sequence  int64 // grows per aggregate
	Time      time.Time
	Body      []byte // a protobuf message
}

// Unmarshal reads the body into m.
func (e Event) Unmarshal(m proto.Message) error {
	if err := proto.Unmarshal(e.Body, m); err != nil {
		return fmt.Errorf("bus: body of %s %s: %w", e.Subject, e.ID, err)
	}
	return nil
}

// Emit writes an event that is published once w commits. Queue it after the change of the aggregate's own row, which
// orders the events of one aggregate. The tenant is the one of the connection.
func Emit(ctx context.Context, w *pg.Writes, subject string, aggregate id.ID, sequence int64, body proto.Message) error {
	bytes, err := proto.Marshal(body)
	if err != nil {
		return fmt.Errorf("bus: marshal %s: %w", subject, err)
	}
	headers := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, headers)
	headersJSON, err := json.Marshal(headers)
	if err != nil {
		return fmt.Errorf("bus: headers of %s: %w", subject, err)
	}
	w.Exec(`insert into outbox (id, subject, aggregate_id, sequence, body, headers) values ($1, $2, $3, $4, $5, $6)`,
		id.New(), subject, aggregate, sequence, bytes, headersJSON)
	w.MarkEmitted()
	return nil
}
