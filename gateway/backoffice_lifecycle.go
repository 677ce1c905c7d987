package gateway

import (
	"context"
	"math"
	"net/http"

	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

const bundle = "bundle"

func productKind(k catalogv1.ProductKind) string {
	if k == catalogv1.ProductKind_PRODUCT_KIND_BUNDLE {
		return bundle
	}
	return "standard"
}

func kindOf(name string) catalogv1.ProductKind {
	if name == bundle {
		return catalogv1.ProductKind_PRODUCT_KIND_BUNDLE
	}
	return catalogv1.ProductKind_PRODUCT_KIND_UNSPECIFIED
}

func scheduleError(e *catalogv1.ScheduleError) *adminv1.ScheduleError {
	if e == nil {
		return nil
	}
	return &adminv1.ScheduleError{Code: e.GetCode(), Message: e.GetMessage(), At: at(e.GetAt())}
}

func component(c *catalogv1.Component) adminv1.Component {
	return adminv1.Component{VariantID: c.GetVariantId(), ProductSlug: c.GetProductSlug(), Title: c.GetTitle(), VariantTitle: c.GetVariantTitle(), Quantity: c.GetQuantity()}
}

func storeComponent(c *catalogv1.Component) storev1.Component {
	return storev1.Component{VariantID: c.GetVariantId(), ProductSlug: c.GetProductSlug(), Title: c.GetTitle(), VariantTitle: c.GetVariantTitle(), Quantity: c.GetQuantity()}
}

func toTime(t *adminv1.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(t.Time)
}

func timePatch(o adminv1.Optional[adminv1.Time]) *catalogv1.TimePatch {
	if o.IsZero() {
		return nil
	}
	return &catalogv1.TimePatch{Value: toTime(o.Ptr())}
}

// deleteProduct answers 204 when the product is gone, and 200 with what is left when it was sold.
func deleteProduct(ctx context.Context, in *in[none, none]) (adminv1.Retired[adminv1.Product], error) {
	answer, err := in.deps.Catalog.DeleteProduct(ctx, &catalogv1.DeleteProductRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	if err != nil {
		return adminv1.Retired[adminv1.Product]{}, err
	}
	left := answer.GetArchived()
	if left == nil {
		in.status = http.StatusNoContent
		return adminv1.Retired[adminv1.Product]{}, nil
	}
	return adminv1.Retired[adminv1.Product]{Data: in.product(ctx, left).Data, Meta: adminv1.RetiredMeta{Archived: true}}, nil
}

func deleteVariant(ctx context.Context, in *in[none, none]) (adminv1.Retired[adminv1.Variant], error) {
	answer, err := in.deps.Catalog.DeleteVariant(ctx, &catalogv1.DeleteVariantRequest{ProductId: in.path("id"), Id: in.path("variantId"), IfVersion: in.ifVersion})
	if err != nil {
		return adminv1.Retired[adminv1.Variant]{}, err
	}
	left := answer.GetArchived()
	if left == nil {
		in.status = http.StatusNoContent
		return adminv1.Retired[adminv1.Variant]{}, nil
	}
	in.version(left.GetVersion())
	levels := in.levels(ctx, &catalogv1.Product{Variants: []*catalogv1.Variant{left}})
	return adminv1.Retired[adminv1.Variant]{Data: variant(left, levels), Meta: adminv1.RetiredMeta{Archived: true}}, nil
}

func duplicateProduct(ctx context.Context, in *in[none, adminv1.Duplicate]) (productAnswer, error) {
	answer, err := in.deps.Lifecycle.DuplicateProduct(ctx, &catalogv1.DuplicateProductRequest{
		Id: in.path("id"), Title: in.Body.Title, Slug: in.Body.Slug, Status: status(in.Body.Status),
	})
	if err != nil {
		return productAnswer{}, err
	}
	p := answer.GetProduct()
	in.created("products", p.GetId())
	in.version(p.GetVersion())
	return productAnswer{Data: product(p, nil)}, nil // its stock opens with the event of the new product
}

// maxEdited is how many products one request changes at most.
const maxEdited = 500

func editProducts(ctx context.Context, in *in[none, adminv1.EditProducts]) (adminv1.EditedProducts, error) {
	request := &catalogv1.EditProductsRequest{Ids: in.Body.IDs, DryRun: in.Body.DryRun, Key: in.key}
	if set := in.Body.Set; set != nil {
		request.Status = status(set.Status)
		request.AddCategoryIds, request.RemoveCategoryIds = set.AddCategoryIDs, set.RemoveCategoryIDs
		request.AddTagIds, request.RemoveTagIds = set.AddTagIDs, set.RemoveTagIDs
		if !set.BrandID.IsZero() {
			request.BrandId = new(set.BrandID.Value) // empty when it is null
		}
		if !set.VATClass.IsZero() {
			request.VatClass = catalogv1.VatClass(number(catalogv1.VatClass_value, "VAT_CLASS_", set.VATClass.Value)).Enum()
		}
	}
	if p := in.Body.Price; p != nil {
		request.Price = &catalogv1.PriceShift{Rounding: p.Rounding}
		if p.Percent != nil {
			points := math.Round(*p.Percent * 100)
			if math.Abs(points-*p.Percent*100) > 1e-6 {
				return adminv1.EditedProducts{}, errBody.WithField("price.percent", "malformed", "It has at most two decimals.")
			}
			request.Price.BasisPoints = int64(points)
		}
		if p.Amount != nil {
			request.Price.Amount = &typev1.Money{Amount: p.Amount.Amount, Currency: p.Amount.Currency}
		}
	}
	answer, err := in.deps.Lifecycle.EditProducts(ctx, request)
	if err != nil {
		return adminv1.EditedProducts{}, err
	}
	return adminv1.EditedProducts{
		Data: each(answer.GetProducts(), func(e *catalogv1.EditedProduct) adminv1.EditedProduct {
			if e.GetErrorCode() != "" {
				return adminv1.EditedProduct{ID: e.GetId(), Error: &adminv1.EditError{Code: e.GetErrorCode(), Message: e.GetErrorMessage()}}
			}
			version := e.GetVersion()
			return adminv1.EditedProduct{ID: e.GetId(), OK: true, Version: &version}
		}),
		Meta: adminv1.EditedMeta{Total: len(answer.GetProducts()), Page: 1, Limit: maxEdited, Changed: int(answer.GetChanged()), Failed: int(answer.GetFailed())},
	}, nil
}

func orderVariants(ctx context.Context, in *in[none, adminv1.OrderVariants]) (productAnswer, error) {
	answer, err := in.deps.Lifecycle.OrderVariants(ctx, &catalogv1.OrderVariantsRequest{ProductId: in.path("id"), IfVersion: in.ifVersion, VariantIds: in.Body.VariantIDs})
	if err != nil {
		return productAnswer{}, err
	}
	return in.product(ctx, answer.GetProduct()), nil
}

func setOptions(ctx context.Context, in *in[none, adminv1.SetOptions]) (productAnswer, error) {
	answer, err := in.deps.Lifecycle.SetOptions(ctx, &catalogv1.SetOptionsRequest{
		ProductId: in.path("id"), IfVersion: in.ifVersion,
		Options: each(in.Body.Options, func(o adminv1.SetOption) *catalogv1.OptionInput {
			return &catalogv1.OptionInput{Name: o.Name, Was: o.Was, Values: each(o.Values, func(v adminv1.SetOptionValue) *catalogv1.OptionValueInput {
				return &catalogv1.OptionValueInput{Value: v.Value, Was: v.Was}
			})}
		}),
	})
	if err != nil {
		return productAnswer{}, err
	}
	return in.product(ctx, answer.GetProduct()), nil
}

func setComponents(ctx context.Context, in *in[none, adminv1.SetComponents]) (adminv1.Envelope[adminv1.Variant], error) {
	answer, err := in.deps.Lifecycle.SetComponents(ctx, &catalogv1.SetComponentsRequest{
		ProductId: in.path("id"), VariantId: in.path("variantId"), IfVersion: in.ifVersion,
		Components: each(in.Body.Components, func(c adminv1.ComponentInput) *catalogv1.ComponentInput {
			return &catalogv1.ComponentInput{VariantId: c.VariantID, Quantity: c.Quantity}
		}),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.Variant]{}, err
	}
	in.version(answer.GetVariant().GetVersion())
	return adminv1.Envelope[adminv1.Variant]{Data: variant(answer.GetVariant(), nil)}, nil
}
