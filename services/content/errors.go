package content

import "github.com/sovecom/sovecom/kit/fault"

// What the room refuses.
var (
	ErrPageNotFound    = fault.NotFound("content.page_not_found", "There is no such page.")
	ErrVersionConflict = fault.Stale("content.version_conflict", "Somebody has changed this meanwhile. Load it again.")

	ErrSlugTaken = fault.Conflict("content.slug_taken", "Another page in this language has this slug.")
	ErrKeyTaken  = fault.Conflict("content.key_taken", "Another page in this language has this key.")

	ErrSlugInvalid    = fault.Invalid("content.slug_invalid", "A slug needs a Latin letter or digit, at most 512 of them, and must not look like an id.")
	ErrKeyInvalid     = fault.Invalid("content.key_invalid", "A key has 1 to 64 lower-case letters, digits and hyphens.")
	ErrLocaleInvalid  = fault.Invalid("content.locale_invalid", "A language is a tag such as de or pt-BR.")
	ErrTextInvalid    = fault.Invalid("content.text_invalid", "The text is missing, too long, or has a character that cannot be stored.")
	ErrBodyTooComplex = fault.Invalid("content.body_too_complex", "The body is built in a way that takes too much work to show.")
)

// tooComplex says what it is in a body that takes too much work.
func tooComplex(why string) error {
	return ErrBodyTooComplex.WithField("body", "too_complex", why)
}
