package pg

import (
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sovecom/sovecom/kit/id"
)

// registerID teaches a connection to send and receive id.ID as binary uuid.
func registerID(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapIDEncode}, m.TryWrapEncodePlanFuncs...)
	m.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{wrapIDScan}, m.TryWrapScanPlanFuncs...)
	m.RegisterDefaultPgType(id.ID{}, "uuid")
	m.RegisterDefaultPgType([]id.ID{}, "_uuid")
}

type idValue id.ID

func (v idValue) UUIDValue() (pgtype.UUID, error) { return pgtype.UUID{Bytes: v, Valid: true}, nil }
func (v idValue) SkipUnderlyingTypePlan()         {}

func (v *idValue) ScanUUID(u pgtype.UUID) error {
	*v = idValue(u.Bytes) // NULL has zero bytes, which is no id
	return nil
}

type encodePlan struct{ next pgtype.EncodePlan }

func (p *encodePlan) SetNext(next pgtype.EncodePlan) { p.next = next }

func (p *encodePlan) Encode(value any, buf []byte) ([]byte, error) {
	v, ok := value.(id.ID)
	if !ok || v.IsZero() {
		return nil, nil // no id is NULL
	}
	return p.next.Encode(idValue(v), buf)
}

func wrapIDEncode(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	if v, ok := value.(id.ID); ok {
		return &encodePlan{}, idValue(v), true
	}
	return nil, nil, false
}

type scanPlan struct{ next pgtype.ScanPlan }

func (p *scanPlan) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *scanPlan) Scan(src []byte, dst any) error {
	v, ok := dst.(*id.ID)
	if !ok {
		return id.ErrMalformed
	}
	return p.next.Scan(src, (*idValue)(v))
}

func wrapIDScan(target any) (pgtype.WrappedScanPlanNextSetter, any, bool) {
	if v, ok := target.(*id.ID); ok {
		return &scanPlan{}, (*idValue)(v), true
	}
	return nil, nil, false
}
