package gateway

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

type brandAnswer = adminv1.Envelope[adminv1.Brand]

func (c *call) brand(m *catalogv1.Brand, err error) (brandAnswer, error) {
	if err != nil {
		return brandAnswer{}, err
	}
	c.version(m.GetVersion())
	return brandAnswer{Data: brand(m)}, nil
}

func brand(b *catalogv1.Brand) adminv1.Brand {
	return adminv1.Brand{
		ID: b.GetId(), Slug: b.GetSlug(), Name: b.GetName(), Description: b.Description, Website: b.Website, SEOTitle: b.SeoTitle,
		SEODescription: b.SeoDescription, Version: b.GetVersion(), CreatedAt: at(b.GetCreatedAt()), UpdatedAt: at(b.GetUpdatedAt()),
	}
}

func listBrands(ctx context.Context, in *in[adminv1.BrandQuery, none]) (adminv1.List[adminv1.Brand], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Brand]{}, err
	}
	answer, err := in.deps.Taxonomy.ListBrands(ctx, &catalogv1.ListBrandsRequest{Page: paging, Q: in.Query.Q})
	if err != nil {
		return adminv1.List[adminv1.Brand]{}, err
	}
	return adminv1.List[adminv1.Brand]{Data: each(answer.GetBrands(), brand), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func createBrand(ctx context.Context, in *in[none, adminv1.CreateBrand]) (brandAnswer, error) {
	b := in.Body
	answer, err := in.deps.Taxonomy.CreateBrand(ctx, &catalogv1.CreateBrandRequest{
		Name: b.Name, Slug: b.Slug, Description: b.Description, Website: b.Website, SeoTitle: b.SEOTitle, SeoDescription: b.SEODescription,
	})
	if err == nil {
		in.created("brands", answer.GetBrand().GetId())
	}
	return in.brand(answer.GetBrand(), err)
}

func getBrand(ctx context.Context, in *in[none, none]) (brandAnswer, error) {
	answer, err := in.deps.Taxonomy.GetBrand(ctx, &catalogv1.GetBrandRequest{Id: in.path("id")})
	return in.brand(answer.GetBrand(), err)
}

func updateBrand(ctx context.Context, in *in[none, adminv1.UpdateBrand]) (brandAnswer, error) {
	b := in.Body
	answer, err := in.deps.Taxonomy.UpdateBrand(ctx, &catalogv1.UpdateBrandRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Name: b.Name.Ptr(), Slug: b.Slug.Ptr(), Description: textPatch(b.Description),
		Website: textPatch(b.Website), SeoTitle: textPatch(b.SEOTitle), SeoDescription: textPatch(b.SEODescription),
	})
	return in.brand(answer.GetBrand(), err)
}

func deleteBrand(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Taxonomy.DeleteBrand(ctx, &catalogv1.DeleteBrandRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

func orderCategories(ctx context.Context, in *in[none, adminv1.OrderCategories]) (none, error) {
	_, err := in.deps.Taxonomy.OrderCategories(ctx, &catalogv1.OrderCategoriesRequest{ParentId: in.path("id"), IfVersion: in.ifVersion, CategoryIds: in.Body.CategoryIDs})
	return none{}, err
}

type collectionAnswer = adminv1.Envelope[adminv1.Collection]

func (c *call) collection(m *catalogv1.Collection, err error) (collectionAnswer, error) {
	if err != nil {
		return collectionAnswer{}, err
	}
	c.version(m.GetVersion())
	return collectionAnswer{Data: collection(m)}, nil
}

func collection(c *catalogv1.Collection) adminv1.Collection {
	return adminv1.Collection{
		ID: c.GetId(), Slug: c.GetSlug(), Name: c.GetName(), Description: c.Description, Kind: wireName(c.GetKind(), "COLLECTION_KIND_"),
		Match: wireName(c.GetMatch(), "COLLECTION_MATCH_"), Sort: collectionSortName(c.GetSort()), SEOTitle: c.SeoTitle, SEODescription: c.SeoDescription,
		Rules: each(c.GetRules(), func(r *catalogv1.CollectionRule) adminv1.CollectionRule {
			return adminv1.CollectionRule{Field: r.GetField(), Operator: r.GetOperator(), Value: r.GetValue()}
		}),
		Status: wireName(c.GetStatus(), "COLLECTION_STATUS_"), Building: c.GetBuilding(), Version: c.GetVersion(),
		CreatedAt: at(c.GetCreatedAt()), UpdatedAt: at(c.GetUpdatedAt()),
	}
}

func collectionRule(r adminv1.CollectionRule) *catalogv1.CollectionRule {
	return &catalogv1.CollectionRule{Field: r.Field, Operator: r.Operator, Value: r.Value}
}

func collectionStatus(name string) catalogv1.CollectionStatus {
	return catalogv1.CollectionStatus(number(catalogv1.CollectionStatus_value, "COLLECTION_STATUS_", name))
}

func collectionMatch(name string) catalogv1.CollectionMatch {
	return catalogv1.CollectionMatch(number(catalogv1.CollectionMatch_value, "COLLECTION_MATCH_", name))
}

func listCollections(ctx context.Context, in *in[adminv1.CollectionQuery, none]) (adminv1.List[adminv1.Collection], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Collection]{}, err
	}
	answer, err := in.deps.Taxonomy.ListCollections(ctx, &catalogv1.ListCollectionsRequest{Page: paging, Q: in.Query.Q})
	if err != nil {
		return adminv1.List[adminv1.Collection]{}, err
	}
	return adminv1.List[adminv1.Collection]{Data: each(answer.GetCollections(), collection), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func createCollection(ctx context.Context, in *in[none, adminv1.CreateCollection]) (collectionAnswer, error) {
	b := in.Body
	answer, err := in.deps.Taxonomy.CreateCollection(ctx, &catalogv1.CreateCollectionRequest{
		Name: b.Name, Slug: b.Slug, Description: b.Description, SeoTitle: b.SEOTitle, SeoDescription: b.SEODescription,
		Kind:  catalogv1.CollectionKind(number(catalogv1.CollectionKind_value, "COLLECTION_KIND_", b.Kind)),
		Match: collectionMatch(b.Match), Rules: each(b.Rules, collectionRule), Sort: collectionSorts()[b.Sort], Status: collectionStatus(b.Status),
	})
	if err == nil {
		in.created("collections", answer.GetCollection().GetId())
	}
	return in.collection(answer.GetCollection(), err)
}

func getCollection(ctx context.Context, in *in[none, none]) (collectionAnswer, error) {
	answer, err := in.deps.Taxonomy.GetCollection(ctx, &catalogv1.GetCollectionRequest{Id: in.path("id")})
	return in.collection(answer.GetCollection(), err)
}

func updateCollection(ctx context.Context, in *in[none, adminv1.UpdateCollection]) (collectionAnswer, error) {
	b := in.Body
	request := &catalogv1.UpdateCollectionRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Name: b.Name.Ptr(), Slug: b.Slug.Ptr(), Description: textPatch(b.Description),
		Match: collectionMatch(b.Match.Value), Sort: collectionSorts()[b.Sort.Value], Status: collectionStatus(b.Status.Value),
		SeoTitle: textPatch(b.SEOTitle), SeoDescription: textPatch(b.SEODescription),
	}
	if !b.Rules.IsZero() {
		request.Rules = &catalogv1.CollectionRules{Rules: each(b.Rules.Value, collectionRule)}
	}
	answer, err := in.deps.Taxonomy.UpdateCollection(ctx, request)
	return in.collection(answer.GetCollection(), err)
}

func deleteCollection(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Taxonomy.DeleteCollection(ctx, &catalogv1.DeleteCollectionRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

func listCollectionProducts(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.Product], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.Product]{}, err
	}
	answer, err := in.deps.Taxonomy.ListCollectionProducts(ctx, &catalogv1.ListCollectionProductsRequest{Id: in.path("id"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.Product]{}, err
	}
	levels := in.levels(ctx, answer.GetProducts()...)
	return adminv1.List[adminv1.Product]{
		Data: each(answer.GetProducts(), func(p *catalogv1.Product) adminv1.Product { return product(p, levels) }),
		Meta: in.meta(in.Query, answer.GetPage()),
	}, nil
}

func setCollectionProducts(ctx context.Context, in *in[none, adminv1.CollectionProducts]) (collectionAnswer, error) {
	answer, err := in.deps.Taxonomy.SetCollectionProducts(ctx, &catalogv1.SetCollectionProductsRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, ProductIds: in.Body.ProductIDs,
	})
	return in.collection(answer.GetCollection(), err)
}

func addCollectionProducts(ctx context.Context, in *in[none, adminv1.CollectionProducts]) (collectionAnswer, error) {
	answer, err := in.deps.Taxonomy.AddCollectionProducts(ctx, &catalogv1.AddCollectionProductsRequest{Id: in.path("id"), ProductIds: in.Body.ProductIDs})
	return in.collection(answer.GetCollection(), err)
}

func removeCollectionProduct(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Taxonomy.RemoveCollectionProduct(ctx, &catalogv1.RemoveCollectionProductRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, ProductId: in.path("productId"),
	})
	return none{}, err
}
