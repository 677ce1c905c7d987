package media

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sovecom/sovecom/kit/id"
)

// asset is a stored picture.
type asset struct {
	id            id.ID
	tenant        id.ID
	sha256        string
	contentType   string
	size          int64
	width, height int
	filename      string
	alt           string
	version       int64
	createdAt     time.Time
	updatedAt     time.Time
}

// key is where the bytes are.
func (a asset) key() key {
	extension := strings.TrimPrefix(a.contentType, "image/")
	if extension == "jpeg" {
		extension = "jpg"
	}
	return key{a.tenant, a.sha256, extension}
}

const (
	maxAlt      = 1000 // characters
	maxFilename = 255  // bytes
)

// cleanFilename keeps what is shown of a sender's name for a file: no folders, nothing invisible.
func cleanFilename(name, fallback string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	for len(name) > maxFilename {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	if name == "" || name == "." || name == ".." {
		return fallback
	}
	return name
}

// cleanAlt trims the text and refuses what is too long.
func cleanAlt(alt string) (string, error) {
	alt = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(alt, "\ufffd"), "\x00", ""))
	if utf8.RuneCountInString(alt) > maxAlt {
		return "", ErrAltTooLong.WithField("alt", "too_long", "At most 1000 characters.")
	}
	return alt, nil
}
