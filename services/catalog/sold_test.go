package catalog

import (
	"testing"

	"google.golang.org/protobuf/proto"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
)

func TestSoldIsRememberedForItsTenantOnly(t *testing.T) {
	t.Parallel()
	var s sold
	ours, theirs, first, second := id.New(), id.New(), id.New(), id.New()
	body, err := proto.Marshal(&checkoutv1.OrderCreated{VariantIds: []string{first.String()}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.unknown(ours, []id.ID{first}); len(got) != 1 {
		t.Errorf("nothing was sold, unknown %v", got)
	}
	s.remember(t.Context(), bus.Event{Tenant: ours, Body: body})
	if got := s.unknown(ours, []id.ID{first, second}); len(got) != 1 || got[0] != second {
		t.Errorf("unknown %v, want %v", got, second)
	}
	if got := s.unknown(theirs, []id.ID{first}); len(got) != 1 {
		t.Error("one tenant's sale is another's")
	}
}

func TestSoldForgetsInsteadOfGrowing(t *testing.T) {
	t.Parallel()
	s := sold{known: map[soldVariant]struct{}{}}
	for range soldLimit + 1 {
		s.known[soldVariant{variant: id.New()}] = struct{}{}
	}
	variant := id.New()
	body, err := proto.Marshal(&checkoutv1.OrderCreated{VariantIds: []string{variant.String()}})
	if err != nil {
		t.Fatal(err)
	}
	s.remember(t.Context(), bus.Event{Body: body})
	if len(s.known) != 1 || len(s.unknown(id.ID{}, []id.ID{variant})) != 0 {
		t.Errorf("%d remembered", len(s.known))
	}
}
