package bus

import (
	"context"
	"encoding/json"
	"fmt"

	"go.opentelemetry.io/otel/propagation"
	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// News is one event of many that are emitted together.
type News struct {
	Subject   string
	Aggregate id.ID
	Sequence  int64
	Body      proto.Message
}

// EmitAll is Emit for many events of different aggregates, in one statement.
func EmitAll(ctx context.Context, w *pg.Writes, news []News) error {
	if len(news) == 0 {
		return nil
	}
	headers := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, headers)
	headersJSON, err := json.Marshal(headers)
	if err != nil {
		return fmt.Errorf("bus: headers of %d events: %w", len(news), err)
	}
	ids, aggregates := make([]id.ID, len(news)), make([]id.ID, len(news))
	subjects, sequences, bodies := make([]string, len(news)), make([]int64, len(news)), make([][]byte, len(news))
	for i, n := range news {
		if bodies[i], err = proto.Marshal(n.Body); err != nil {
			return fmt.Errorf("bus: marshal %s: %w", n.Subject, err)
		}
		ids[i], subjects[i], aggregates[i], sequences[i] = id.New(), n.Subject, n.Aggregate, n.Sequence
	}
	w.Exec(`insert into outbox (id, subject, aggregate_id, sequence, body, headers)
		select u.id, u.subject, u.aggregate_id, u.sequence, u.body, $6::jsonb
		from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::bytea[]) with ordinality u (id, subject, aggregate_id, sequence, body, nth) order by nth`,
		ids, subjects, aggregates, sequences, bodies, headersJSON)
	w.MarkEmitted()
	return nil
}
