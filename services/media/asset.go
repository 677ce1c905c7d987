package media

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/sovecom/sovecom/kit/id"
)

// asset is a stored picture, or a private file.
type asset struct {
	id            id.ID
	tenant        id.ID
	private       bool
	sha256        string // of the stored bytes
	source        string // SHA-256 of what was sent
	contentType   string
	size          int64 // bytes
	width, height int   // pixels, upright; 0 for a private file
	animated      bool
	blurhash      string
	filename      string
	alt           string
	alts          map[string]string // by language
	focal         *point
	folder        string
	labels        []string // sorted
	version       int64
	createdAt     time.Time
	updatedAt     time.Time
	job           *job // nil for a private file
}

// point is a place in a picture, as fractions of its width and height.
type point struct{ x, y float64 }

// key is where a picture's bytes are.
func (a asset) key() key {
	extension := strings.TrimPrefix(a.contentType, "image/")
	if extension == "jpeg" {
		extension = "jpg"
	}
	return key{tenant: a.tenant, sha256: a.sha256, extension: extension}
}

// object is the name of the bytes in the storage.
func (a asset) object() string {
	if a.private {
		return privateObject(a.tenant, a.sha256)
	}
	return a.key().name()
}

// patch changes what is said of an asset; nil leaves.
type patch struct {
	filename   *string
	alt        *string
	alts       map[string]string // an empty text removes
	focal      *point
	clearFocal bool
	folder     *string
	labels     []string
	setLabels  bool
}

// changed is the asset with a patch applied, and whether anything is different.
func (a asset) changed(p patch, at time.Time) (asset, bool, error) {
	out := a
	out.alts = maps.Clone(a.alts)
	var err error
	if p.filename != nil {
		out.filename = cleanFilename(*p.filename, a.filename)
	}
	if p.alt != nil {
		if out.alt, err = cleanAlt(*p.alt, "alt"); err != nil {
			return a, false, err
		}
	}
	for tag, text := range p.alts {
		locale, err := cleanLocale(tag)
		if err != nil {
			return a, false, err
		}
		if text, err = cleanAlt(text, "alts."+tag); err != nil {
			return a, false, err
		}
		if text == "" {
			delete(out.alts, locale)
			continue
		}
		if out.alts == nil {
			out.alts = map[string]string{}
		}
		out.alts[locale] = text
	}
	if len(out.alts) > maxLocales {
		return a, false, ErrLocale.WithField("alts", "too_many", "At most 100 languages.")
	}
	if p.focal != nil || p.clearFocal {
		out.focal = p.focal
	}
	if p.folder != nil {
		if out.folder, err = cleanFolder(*p.folder); err != nil {
			return a, false, err
		}
	}
	if p.setLabels {
		if out.labels, err = cleanLabels(p.labels); err != nil {
			return a, false, err
		}
	}
	same := out.filename == a.filename && out.alt == a.alt && maps.Equal(out.alts, a.alts) && out.folder == a.folder && slices.Equal(out.labels, a.labels) &&
		(out.focal == nil) == (a.focal == nil) && (out.focal == nil || *out.focal == *a.focal)
	if same {
		return a, false, nil
	}
	out.version++
	out.updatedAt = at
	return out, true, nil
}

const (
	maxAlt      = 1000 // characters
	maxFilename = 255  // bytes
	maxFolder   = 200  // characters
	maxLabel    = 50   // characters
	maxLabels   = 50
	maxLocales  = 100
)

// cleanFilename keeps what is shown of a sender's name for a file: no folders, nothing invisible.
func cleanFilename(name, fallback string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(visible(name))
	for len(name) > maxFilename {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	if name == "" || name == "." || name == ".." {
		return fallback
	}
	return name
}

func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

// cleanAlt trims the text and refuses what is too long.
func cleanAlt(alt, field string) (string, error) {
	alt = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(alt, "\ufffd"), "\x00", ""))
	if utf8.RuneCountInString(alt) > maxAlt {
		return "", ErrAltTooLong.WithField(field, "too_long", "At most 1000 characters.")
	}
	return alt, nil
}

// cleanLocale brings a language tag (BCP 47) into its canonical form.
func cleanLocale(text string) (string, error) {
	tag, err := language.Parse(text)
	if err != nil || tag == language.Und || len(text) > 35 {
		return "", ErrLocale.WithField("alts."+text, "invalid", "It is not a language tag such as de or pt-BR.")
	}
	return tag.String(), nil
}

// cleanFolder brings a path into its one form: "shirts/linen", and empty for none.
func cleanFolder(folder string) (string, error) {
	wrong := func(code, message string) (string, error) { return "", ErrFolder.WithField("folder", code, message) }
	folder = strings.Trim(strings.TrimSpace(folder), "/")
	switch {
	case folder == "":
		return "", nil
	case utf8.RuneCountInString(folder) > maxFolder:
		return wrong("too_long", "At most 200 characters.")
	case folder != visible(folder):
		return wrong("malformed", "It has characters that cannot be seen.")
	}
	for segment := range strings.SplitSeq(folder, "/") {
		if strings.TrimSpace(segment) != segment || segment == "" || strings.Trim(segment, ".") == "" {
			return wrong("malformed", "Every name between slashes has to be one.")
		}
	}
	return path.Clean(folder), nil
}

// cleanLabels sorts labels and keeps each once.
func cleanLabels(labels []string) ([]string, error) {
	out := []string{}
	for i, label := range labels {
		label = strings.TrimSpace(label)
		if n := utf8.RuneCountInString(label); n < 1 || n > maxLabel || label != visible(label) {
			return nil, ErrLabel.WithField(fmt.Sprintf("labels[%d]", i), "malformed", "It needs 1 to 50 visible characters.")
		}
		out = append(out, label)
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) > maxLabels {
		return nil, ErrLabel.WithField("labels", "too_many", "At most 50.")
	}
	return out, nil
}
