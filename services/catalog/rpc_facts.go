package catalog

import (
	"context"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// newFacts gives a product that is being made its facts, and those of its variants, and returns what it lacks for the
// shop's markets.
func newFacts(ctx context.Context, tx *pg.Tx, p *product, req *catalogv1.CreateProductRequest) ([]finding, error) {
	inputs := attributeInputsFromProto(req.GetAttributes())
	all := slices.Clone(inputs)
	for _, v := range req.GetVariants() {
		all = append(all, attributeInputsFromProto(v.GetAttributes())...)
	}
	known := map[string]*attribute{}
	if len(all) > 0 || p.status == published {
		var err error
		if known, p.markets, err = loadFactsFrame(ctx, tx, codesOf(all)); err != nil {
			return nil, err
		}
	}
	var err error
	if p.facts, err = applyProductFacts(p.facts, req.GetFacts()); err != nil {
		return nil, err
	}
	if p.facts.attributes, err = setAttributes("", nil, inputs, known); err != nil {
		return nil, err
	}
	for i, in := range req.GetVariants() {
		v, field := &p.variants[i], indexed("variants", i)
		if v.facts, err = applyVariantFacts(field, v.facts, in.GetFacts()); err != nil {
			return nil, err
		}
		if v.facts.attributes, err = setAttributes(field, nil, attributeInputsFromProto(in.GetAttributes()), known); err != nil {
			return nil, err
		}
	}
	return p.factsHold(nil)
}

// changeProductFacts changes what is given of a product's own facts and leaves the rest.
func changeProductFacts(ctx context.Context, tx *pg.Tx, p *product, patch *catalogv1.ProductFactsPatch, attributes []*catalogv1.AttributeInput) error {
	facts, err := applyProductFacts(p.facts, patch)
	if err != nil {
		return err
	}
	if facts.attributes, err = changeAttributes(ctx, tx, facts.attributes, attributes); err != nil {
		return err
	}
	p.facts = facts
	return nil
}

// changeVariantFacts changes what is given of a variant's facts and leaves the rest.
func changeVariantFacts(ctx context.Context, tx *pg.Tx, v *variant, patch *catalogv1.VariantFactsPatch, attributes []*catalogv1.AttributeInput) error {
	facts, err := applyVariantFacts("", v.facts, patch)
	if err != nil {
		return err
	}
	if facts.attributes, err = changeAttributes(ctx, tx, facts.attributes, attributes); err != nil {
		return err
	}
	v.facts = facts
	return nil
}

func changeAttributes(ctx context.Context, tx *pg.Tx, current []attributeValue, list []*catalogv1.AttributeInput) ([]attributeValue, error) {
	if len(list) == 0 {
		return current, nil
	}
	inputs := attributeInputsFromProto(list)
	known, _, err := loadFactsFrame(ctx, tx, codesOf(inputs))
	if err != nil {
		return nil, err
	}
	return setAttributes("", current, inputs, known)
}

func codesOf(inputs []attributeInput) []string {
	codes := make([]string, len(inputs))
	for i, in := range inputs {
		codes[i] = in.code
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// GetMarkets reads the markets the shop sells to.
func (s *Service) GetMarkets(ctx context.Context, _ *catalogv1.GetMarketsRequest) (*catalogv1.GetMarketsResponse, error) {
	markets, version, err := findMarkets(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return &catalogv1.GetMarketsResponse{Markets: marketsToProto(markets), Version: version}, nil
}

// UpdateMarkets replaces the markets. Products that are published stay so, whatever they lack.
func (s *Service) UpdateMarkets(ctx context.Context, req *catalogv1.UpdateMarketsRequest) (*catalogv1.UpdateMarketsResponse, error) {
	markets := marketsFromProto(req.GetMarkets())
	if err := checkMarkets(markets); err != nil {
		return nil, err
	}
	var version int64
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		have, current, err := loadMarkets(ctx, tx)
		if err != nil {
			return err
		}
		version = current
		if req.GetIfVersion() != 0 && req.GetIfVersion() != current {
			return ErrVersionConflict
		}
		if slices.EqualFunc(have, markets, market.equal) {
			return nil
		}
		version++
		saveMarkets(&tx.Writes, markets, version, s.time())
		shop, _ := tenant.From(ctx)
		return announceMarkets(ctx, &tx.Writes, shop, markets, version)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.UpdateMarketsResponse{Markets: marketsToProto(markets), Version: version}, nil
}

// GetCompliance lists what a product of any status lacks for the shop's markets.
func (s *Service) GetCompliance(ctx context.Context, req *catalogv1.GetComplianceRequest) (*catalogv1.GetComplianceResponse, error) {
	p, err := s.wholeProduct(ctx, req.GetProductId())
	if err != nil {
		return nil, err
	}
	return &catalogv1.GetComplianceResponse{Markets: marketsToProto(p.markets), Findings: findingsToProto(p.lacking(p.markets))}, nil
}

// wholeProduct reads a product with all it consists of, without locking it.
func (s *Service) wholeProduct(ctx context.Context, productID string) (*product, error) {
	which, err := id.Parse(productID)
	if err != nil {
		return nil, ErrProductNotFound
	}
	p, err := readProduct(which, "", func(build func(b *pg.Batch)) error { return s.db.Read(ctx, build) })
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, ErrProductNotFound
	}
	return p, nil
}

// ListVariantFiles lists what a buyer of a variant gets, in the order it was added.
func (s *Service) ListVariantFiles(ctx context.Context, req *catalogv1.ListVariantFilesRequest) (*catalogv1.ListVariantFilesResponse, error) {
	p, err := s.wholeProduct(ctx, req.GetProductId())
	if err != nil {
		return nil, noProductNoVariant(err)
	}
	which, err := id.Parse(req.GetVariantId())
	if err != nil {
		return nil, ErrVariantNotFound
	}
	v := p.variant(which)
	if v == nil {
		return nil, ErrVariantNotFound
	}
	res := &catalogv1.ListVariantFilesResponse{Files: make([]*catalogv1.VariantFile, len(v.facts.files))}
	for i := range v.facts.files {
		res.Files[i] = fileToProto(&v.facts.files[i])
	}
	return res, nil
}

// AddVariantFile gives a variant one more file, which makes it digital.
func (s *Service) AddVariantFile(ctx context.Context, req *catalogv1.AddVariantFileRequest) (*catalogv1.AddVariantFileResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	at := s.time()
	f := digitalFile{
		id: id.New(), key: req.Key, name: req.GetName(), limit: req.DownloadLimit, expiresAfter: req.ExpiresAfterDays, // absent is not zero
		version: 1, createdAt: at, updatedAt: at,
	}
	if req.MediaId != nil {
		var err error
		if f.media, err = id.Parse(req.GetMediaId()); err != nil {
			return nil, ErrFileInvalid.WithField("mediaId", "invalid", "It is not an id.")
		}
	}
	variant, err := id.Parse(req.GetVariantId())
	if err != nil {
		return nil, ErrVariantNotFound
	}
	_, err = s.changeProduct(ctx, req.GetProductId(), 0, func(_ context.Context, _ *pg.Tx, p *product) error { return p.addFile(variant, f) })
	if err != nil {
		return nil, noProductNoVariant(err)
	}
	return &catalogv1.AddVariantFileResponse{File: fileToProto(&f)}, nil
}

// UpdateVariantFile changes what is given of a file and leaves the rest.
func (s *Service) UpdateVariantFile(ctx context.Context, req *catalogv1.UpdateVariantFileRequest) (*catalogv1.UpdateVariantFileResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	ids, err := id.ParseAll([]string{req.GetVariantId(), req.GetId()})
	if err != nil {
		return nil, ErrFileNotFound
	}
	patch := filePatch{
		name: req.Name, limit: req.DownloadLimit, clearLimit: req.GetClearDownloadLimit(), // absent is not zero
		expiresAfter: req.ExpiresAfterDays, clearExpires: req.GetClearExpiresAfterDays(),
	}
	var changed digitalFile
	_, err = s.changeProduct(ctx, req.GetProductId(), 0, func(_ context.Context, _ *pg.Tx, p *product) error {
		if err := p.changeFile(ids[0], ids[1], req.GetIfVersion(), patch, s.time()); err != nil {
			return err
		}
		v, i, err := p.file(ids[0], ids[1], 0)
		if err == nil {
			changed = v.facts.files[i]
		}
		return err
	})
	if err != nil {
		return nil, noProductNoVariant(err)
	}
	return &catalogv1.UpdateVariantFileResponse{File: fileToProto(&changed)}, nil
}

// DeleteVariantFile takes a file from a variant. Who bought it keeps what the order says.
func (s *Service) DeleteVariantFile(ctx context.Context, req *catalogv1.DeleteVariantFileRequest) (*catalogv1.DeleteVariantFileResponse, error) {
	ids, err := id.ParseAll([]string{req.GetVariantId(), req.GetId()})
	if err != nil {
		return nil, ErrFileNotFound
	}
	_, err = s.changeProduct(ctx, req.GetProductId(), 0, func(_ context.Context, _ *pg.Tx, p *product) error {
		return p.removeFile(ids[0], ids[1], req.GetIfVersion())
	})
	if err != nil {
		return nil, noProductNoVariant(err)
	}
	return &catalogv1.DeleteVariantFileResponse{}, nil
}
