package catalog

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/fault"
)

// lifecycleToProto adds what a product's document says of its kind and schedule.
func lifecycleToProto(p *product, out *catalogv1.Product) {
	if p.bundle {
		out.Kind = catalogv1.ProductKind_PRODUCT_KIND_BUNDLE
	}
	out.PublishAt, out.UnpublishAt = timeToProto(p.schedule.publishAt), timeToProto(p.schedule.unpublishAt)
	if f := p.schedule.failed; f != nil {
		out.ScheduleError = &catalogv1.ScheduleError{Code: f.code, Message: f.message, At: timestamppb.New(f.at)}
	}
}

func timeToProto(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

// timeFromProto reads a moment, as exact as the database keeps it, that lies in years that can be written down; others
// are invalid.
func timeFromProto(field string, in *timestamppb.Timestamp, invalid *fault.Fault) (*time.Time, error) {
	if in == nil {
		return nil, nil //nolint:nilnil // absent
	}
	at := in.AsTime().Truncate(time.Microsecond)
	if !in.IsValid() || at.Year() < 1970 || at.Year() > 9999 {
		return nil, invalid.WithField(field, "out_of_range", "It must lie between the years 1970 and 9999.")
	}
	return &at, nil
}

func timePatchFromProto(field string, in *catalogv1.TimePatch) (timePatch, error) {
	if in == nil {
		return timePatch{}, nil
	}
	at, err := timeFromProto(field, in.GetValue(), ErrScheduleInvalid)
	return timePatch{set: true, value: at}, err
}

func componentsToProto(list []component) []*catalogv1.Component {
	var out []*catalogv1.Component
	for _, c := range list {
		out = append(out, &catalogv1.Component{
			VariantId: c.variant.String(), ProductSlug: c.productSlug, Title: c.title, VariantTitle: c.variantTitle, Quantity: c.quantity,
		})
	}
	return out
}

func resolvedComponents(list []share) []*catalogv1.ResolvedComponent {
	var out []*catalogv1.ResolvedComponent
	for _, s := range list {
		out = append(out, &catalogv1.ResolvedComponent{VariantId: s.variant.String(), Quantity: s.quantity})
	}
	return out
}

func withoutArchived(list []*catalogv1.Variant) []*catalogv1.Variant {
	return slices.DeleteFunc(list, (*catalogv1.Variant).GetArchived)
}

// forReadModels takes away what no reader of a read model may see. It changes p, which must be the caller's own.
func forReadModels(p *catalogv1.Product) {
	p.PublishAt, p.UnpublishAt, p.ScheduleError = nil, nil, nil
	p.Variants = withoutArchived(p.GetVariants())
}
