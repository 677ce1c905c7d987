package storev1

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Optional tells three things apart that a pointer cannot: a key that is missing ("leave it"), a key that is null
// ("clear it") and a key with a value ("make it this"). PATCH bodies are made of it, and so are query parameters whose
// zero value means something, such as inStock=false.
//
// Give such a field the tag json:"name,omitzero", so that a missing key stays missing when a client sends it. A field
// that cannot be cleared carries nullable:"false" as well, which NullErrors enforces.
//
// The server describes Optional[T] in OpenAPI as a nullable T: see Schemas.
type Optional[T any] struct {
	Value T    // what was given; T's zero value unless Set and not Null
	Set   bool // the key was there
	Null  bool // the key was there and null
}

// Some is an Optional that holds v.
func Some[T any](v T) Optional[T] { return Optional[T]{Value: v, Set: true} }

// Null is an Optional that clears.
func Null[T any]() Optional[T] { return Optional[T]{Set: true, Null: true} }

// IsZero reports whether the key is missing; encoding/json asks it for omitzero.
func (o Optional[T]) IsZero() bool { return !o.Set }

// IsNull reports whether the key was there and null.
func (o Optional[T]) IsNull() bool { return o.Set && o.Null }

// Ptr returns the value, or nil when it is missing or null.
func (o Optional[T]) Ptr() *T {
	if !o.Set || o.Null {
		return nil
	}
	return &o.Value
}

// UnmarshalJSON reads a value or null. It runs only when the key is there.
func (o *Optional[T]) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*o = Null[T]()
		return nil
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*o = Some(v)
	return nil
}

// MarshalJSON writes the value, or null when it is missing or null.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.Set || o.Null {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// MarshalText writes the value as a query parameter.
func (o Optional[T]) MarshalText() ([]byte, error) {
	if text, ok := any(o.Value).(encoding.TextMarshaler); ok {
		return text.MarshalText()
	}
	return fmt.Append(nil, o.Value), nil
}

// Receiver returns the place a query parameter is parsed into; the server's REST layer asks for it.
func (o *Optional[T]) Receiver() reflect.Value { return reflect.ValueOf(&o.Value).Elem() }

// OnParamSet records whether the query parameter was given; the server's REST layer calls it.
func (o *Optional[T]) OnParamSet(isSet bool, _ any) { o.Set = isSet }

// Schemas lists every Optional that the surfaces use with the nullable type that describes it, for a schema generator
// to take one for the other. This package cannot describe itself to a generator without importing it.
func Schemas() map[reflect.Type]reflect.Type {
	return map[reflect.Type]reflect.Type{
		reflect.TypeFor[Optional[string]]():            reflect.TypeFor[*string](),
		reflect.TypeFor[Optional[bool]]():              reflect.TypeFor[*bool](),
		reflect.TypeFor[Optional[int]]():               reflect.TypeFor[*int](),
		reflect.TypeFor[Optional[int64]]():             reflect.TypeFor[*int64](),
		reflect.TypeFor[Optional[time.Time]]():         reflect.TypeFor[*time.Time](),
		reflect.TypeFor[Optional[Time]]():              reflect.TypeFor[*time.Time](),
		reflect.TypeFor[Optional[MoneyInput]]():        reflect.TypeFor[*MoneyInput](),
		reflect.TypeFor[Optional[[]string]]():          reflect.TypeFor[[]string](),
		reflect.TypeFor[Optional[[]CollectionRule]]():  reflect.TypeFor[[]CollectionRule](),
		reflect.TypeFor[Optional[map[string]string]](): reflect.TypeFor[map[string]string](),
		reflect.TypeFor[Optional[map[string]any]]():    reflect.TypeFor[map[string]any](),
		reflect.TypeFor[Optional[GPSR]]():              reflect.TypeFor[*GPSR](),
		reflect.TypeFor[Optional[FocalPoint]]():        reflect.TypeFor[*FocalPoint](),
		reflect.TypeFor[Optional[GuaranteeInput]]():    reflect.TypeFor[*GuaranteeInput](),
		reflect.TypeFor[Optional[EnergyLabel]]():       reflect.TypeFor[*EnergyLabel](),
		reflect.TypeFor[Optional[UnitMeasure]]():       reflect.TypeFor[*UnitMeasure](),
		reflect.TypeFor[Optional[[]AttributeOption]](): reflect.TypeFor[[]AttributeOption](),
	}
}

// NullErrors returns a field error for each field of the PATCH body (a struct) that is null although its tag says
// nullable:"false". Without it a null there would be read as "leave", and the caller would believe it was cleared.
func NullErrors(body any) []FieldError {
	v := reflect.Indirect(reflect.ValueOf(body))
	var out []FieldError
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			out = append(out, NullErrors(v.Field(i).Interface())...)
			continue
		}
		o, ok := v.Field(i).Interface().(interface{ IsNull() bool })
		if !ok || !o.IsNull() || f.Tag.Get("nullable") != "false" {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, FieldError{Field: name, Code: "not_nullable", Message: "This field cannot be null; leave it out to keep it as it is."})
	}
	return out
}
