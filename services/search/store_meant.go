package search

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/pg"
)

// meant reads, of the words of a query that fewer than few documents have, those they may be meant to be and that many
// have.
func (s store) meant(ctx context.Context, r request, few, many int64) (map[string][]string, error) {
	asked := r.query.asked()
	forms := make([]string, len(r.query.slots))
	for i, slot := range r.query.slots {
		forms[i] = strings.Join(r.query.lexemes(slot.word, "", slot.open), " | ")
		if len(slot.alts) > 1 {
			asked.keys[i] = "" // somebody knows it well
		}
	}
	out := map[string][]string{}
	err := s.db.Read(ctx, func(b *pg.Batch) {
		clear(out)
		pg.Each(b.Queue("select asked, meant from meant_words($1, $2, $3, $4, $5, $6, $7)", asked.words, forms, asked.keys, r.query.in, r.locale, few, many), func(rows pgx.Rows) error {
			var word, meant string
			err := rows.Scan(&word, &meant)
			out[word] = append(out[word], meant)
			return err
		})
	})
	return out, err
}
