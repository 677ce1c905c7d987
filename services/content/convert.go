package content

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"
	"google.golang.org/protobuf/types/known/timestamppb"

	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
)

func pageProto(p *page) *contentv1.Page {
	return &contentv1.Page{
		Id: p.id.String(), Slug: p.slug, Key: p.key, Title: p.title, Body: p.body, Html: p.html, Locale: p.locale, Status: statusProto(p.status),
		SeoTitle: p.seoTitle, SeoDescription: p.seoDescription, Version: p.version,
		CreatedAt: timestamppb.New(p.createdAt), UpdatedAt: timestamppb.New(p.updatedAt),
	}
}

func storePageProto(p *page, alternates []*contentv1.Alternate) *contentv1.StorePage {
	return &contentv1.StorePage{
		Slug: p.slug, Key: p.key, Title: p.title, Html: p.html, Locale: p.locale, SeoTitle: p.seoTitle, SeoDescription: p.seoDescription,
		UpdatedAt: timestamppb.New(p.updatedAt), Alternates: alternates,
	}
}

func factsProto(p *page) *contentv1.PageFacts {
	return &contentv1.PageFacts{Slug: p.slug, Locale: p.locale, Key: p.key, Status: statusProto(p.status)}
}

func statusProto(s status) contentv1.PageStatus {
	switch s {
	case draft:
		return contentv1.PageStatus_PAGE_STATUS_DRAFT
	case published:
		return contentv1.PageStatus_PAGE_STATUS_PUBLISHED
	}
	return contentv1.PageStatus_PAGE_STATUS_UNSPECIFIED
}

// statusFromProto is empty for one that is not given.
func statusFromProto(s contentv1.PageStatus) status {
	switch s {
	case contentv1.PageStatus_PAGE_STATUS_DRAFT:
		return draft
	case contentv1.PageStatus_PAGE_STATUS_PUBLISHED:
		return published
	case contentv1.PageStatus_PAGE_STATUS_UNSPECIFIED:
	}
	return ""
}

// textFromProto reads a change of a text of at most limit characters that may be absent.
func textFromProto(field string, p *contentv1.TextPatch, limit int) (textPatch, error) {
	switch {
	case p == nil:
		return textPatch{}, nil
	case p.GetClear():
		return textPatch{set: true}, nil
	case utf8.RuneCountInString(p.GetValue()) > limit:
		return textPatch{}, ErrTextInvalid.WithField(field, "too_long", fmt.Sprintf("It has at most %d characters.", limit))
	}
	return textPatch{set: true, value: proto.String(p.GetValue())}, nil
}

// storableRequest refuses the one character PostgreSQL cannot hold, wherever in a request it stands.
func storableRequest(req proto.Message) error {
	return protorange.Range(req.ProtoReflect(), func(path protopath.Values) error {
		text, ok := path.Index(-1).Value.Interface().(string)
		if !ok || !strings.Contains(text, "\x00") {
			return nil
		}
		field := path.Path.Index(1).FieldDescriptor().JSONName()
		return ErrTextInvalid.WithField(field, "invalid_character", "The character U+0000 cannot be stored.")
	})
}
