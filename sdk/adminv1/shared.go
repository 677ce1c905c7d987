package adminv1

import "github.com/sovecom/sovecom/sdk/storev1"

// What both surfaces share is declared in storev1; the names here are the same types.
type (
	Address         = storev1.Address
	CartDiscount    = storev1.CartDiscount
	BrandRef        = storev1.BrandRef
	CollectionRule  = storev1.CollectionRule
	CategoryRef     = storev1.CategoryRef
	Envelope[T any] = storev1.Envelope[T]
	Error           = storev1.Error
	ErrorBody       = storev1.ErrorBody
	FieldError      = storev1.FieldError
	Image           = storev1.Image
	FocalPoint      = storev1.FocalPoint
	LinePicture     = storev1.LinePicture
	List[T any]     = storev1.List[T]
	Meta            = storev1.Meta
	Money           = storev1.Money
	MoneyInput      = storev1.MoneyInput
	Option          = storev1.Option
	Optional[T any] = storev1.Optional[T]
	OrderPayment    = storev1.OrderPayment
	PageQuery       = storev1.PageQuery
	Rendition       = storev1.Rendition
	ShippingRate    = storev1.ShippingRate
	TagRef          = storev1.TagRef
	TaxLine         = storev1.TaxLine
	Time            = storev1.Time
	Totals          = storev1.Totals
)

// Some is an Optional that holds v.
func Some[T any](v T) Optional[T] { return storev1.Some(v) }

// Null is an Optional that clears.
func Null[T any]() Optional[T] { return storev1.Null[T]() }
