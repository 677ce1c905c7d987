package catalog

import (
	"slices"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// maxFiles of one variant.
const maxFiles = 100

// digitalFile is something a buyer of a digital variant gets. The bytes are elsewhere and stay private: in the media room, or
// under a key of the private storage.
type digitalFile struct {
	id           id.ID
	media        id.ID   // either this; zero for none
	key          *string // or this
	name         string
	limit        *int32 // downloads of one buyer; nil is without limit
	expiresAfter *int32 // days from the purchase; nil is for good
	version      int64
	createdAt    time.Time
	updatedAt    time.Time
}

// filePatch changes a file; nil leaves.
type filePatch struct {
	name         *string
	limit        *int32
	clearLimit   bool
	expiresAfter *int32
	clearExpires bool
}

// isDigital reports whether a variant has files, and so is not shipped.
func (f variantFacts) isDigital() bool { return len(f.files) > 0 }

// downloadLimit is the lowest limit of the files; nil when none is limited.
func (f variantFacts) downloadLimit() *int32 {
	var lowest *int32
	for _, one := range f.files {
		if one.limit != nil && (lowest == nil || *one.limit < *lowest) {
			lowest = one.limit
		}
	}
	return lowest
}

// addFile gives a variant one more file.
func (p *product) addFile(variant id.ID, f digitalFile) error {
	v := p.variant(variant)
	if v == nil {
		return ErrVariantNotFound
	}
	if err := checkFileName(f.name); err != nil {
		return err
	}
	if f.media.IsZero() == (f.key == nil) {
		return ErrFileInvalid.WithField("mediaId", "invalid", "A file is named by mediaId or by key, and only by one of them.")
	}
	if f.key != nil && !isStorageKey(*f.key) {
		return ErrFileInvalid.WithField("key", "malformed", "A key has letters, digits and . _ - between single slashes, and leads nowhere else.")
	}
	if len(v.facts.files) >= maxFiles {
		return ErrTooMany.WithField("files", "too_many", "A variant has at most 100 files.")
	}
	for _, have := range v.facts.files {
		if !f.media.IsZero() && have.media == f.media || have.key != nil && f.key != nil && *have.key == *f.key {
			return ErrFileAttached
		}
	}
	v.facts.files = append(slices.Clone(v.facts.files), f)
	return nil
}

// changeFile applies a patch to one file of a variant; version is the one the caller saw, 0 for none.
func (p *product) changeFile(variant, which id.ID, version int64, patch filePatch, at time.Time) error {
	v, i, err := p.file(variant, which, version)
	if err != nil {
		return err
	}
	f := v.facts.files[i]
	if patch.name != nil {
		if err := checkFileName(*patch.name); err != nil {
			return err
		}
		f.name = *patch.name
	}
	if patch.clearLimit || patch.limit != nil {
		f.limit = patch.limit
	}
	if patch.clearExpires || patch.expiresAfter != nil {
		f.expiresAfter = patch.expiresAfter
	}
	was := v.facts.files[i]
	if f.name == was.name && sameCount(f.limit, was.limit) && sameCount(f.expiresAfter, was.expiresAfter) {
		return nil
	}
	f.version++
	f.updatedAt = at
	v.facts.files = slices.Clone(v.facts.files)
	v.facts.files[i] = f
	return nil
}

// removeFile takes a file from a variant. The bytes stay where they are.
func (p *product) removeFile(variant, which id.ID, version int64) error {
	v, i, err := p.file(variant, which, version)
	if err != nil {
		return err
	}
	v.facts.files = slices.Delete(slices.Clone(v.facts.files), i, i+1)
	return nil
}

func (p *product) file(of, which id.ID, version int64) (*variant, int, error) {
	v := p.variant(of)
	if v == nil {
		return nil, 0, ErrVariantNotFound
	}
	i := slices.IndexFunc(v.facts.files, func(f digitalFile) bool { return f.id == which })
	switch {
	case i < 0:
		return nil, 0, ErrFileNotFound
	case version != 0 && version != v.facts.files[i].version:
		return nil, 0, ErrVersionConflict
	}
	return v, i, nil
}

func checkFileName(name string) error {
	if strings.TrimSpace(name) == "" || strings.ContainsAny(name, "/\\\r\n") {
		return ErrFileInvalid.WithField("name", "invalid", "The name of a file is what it is saved as: not empty, and without slashes.")
	}
	return nil
}

// isStorageKey accepts a path that cannot lead out of where it is looked up.
func isStorageKey(key string) bool {
	for segment := range strings.SplitSeq(key, "/") {
		if segment == "" || strings.Trim(segment, ".") == "" || strings.Trim(segment, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
			return false
		}
	}
	return true
}

func sameCount(a, b *int32) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
