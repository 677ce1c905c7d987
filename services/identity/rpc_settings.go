package identity

import (
	"context"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// GetSettings returns all sections, with their defaults where nothing was said.
func (s *Service) GetSettings(ctx context.Context, _ *identityv1.GetSettingsRequest) (*identityv1.GetSettingsResponse, error) {
	found, shop, err := readSettings(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return &identityv1.GetSettingsResponse{Settings: settingsToProto(found.filled(shop))}, nil
}

// GetShopSettings is GetSettings for rooms that price and ship.
func (s *Service) GetShopSettings(ctx context.Context, _ *identityv1.GetShopSettingsRequest) (*identityv1.GetShopSettingsResponse, error) {
	found, shop, err := readSettings(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return &identityv1.GetShopSettingsResponse{Settings: settingsToProto(found.filled(shop))}, nil
}

// UpdateSettings replaces the sections that are present. What changes nothing is not a change and is not announced.
func (s *Service) UpdateSettings(ctx context.Context, req *identityv1.UpdateSettingsRequest) (*identityv1.UpdateSettingsResponse, error) {
	want, err := settingsFromProto(req.GetSettings()).check()
	if err != nil {
		return nil, err
	}
	var answer settings
	var shop string
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var found settings
		var err error
		if found, shop, err = lockSettings(ctx, tx); err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != found.version {
			return ErrVersionConflict
		}
		var changed bool
		if answer, changed = found.merged(want); !changed {
			return nil
		}
		saveSettings(&tx.Writes, answer)
		return bus.Emit(ctx, &tx.Writes, subjectSettingsUpdated, answer.id, answer.version, &identityv1.SettingsUpdated{Version: answer.version})
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.UpdateSettingsResponse{Settings: settingsToProto(answer.filled(shop))}, nil
}
