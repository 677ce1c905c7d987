package media

import (
	"github.com/sovecom/sovecom/kit/fault"
)

// What the room answers when it does not do what it was asked.
var (
	ErrNotFound        = fault.NotFound("media.not_found", "There is no such picture.")
	ErrVersionConflict = fault.Stale("media.version_conflict", "Somebody has changed this picture meanwhile. Load it again.")
	ErrTooLarge        = fault.TooLarge("media.too_large", "The picture has more than 32 MiB.")
	ErrTooManyPixels   = fault.Invalid("media.too_many_pixels", "The picture has more than 100 megapixels.")
	ErrUnknownType     = fault.MediaType("media.unsupported_type", "Only JPEG, PNG, WebP, GIF and AVIF pictures are taken.")
	ErrBroken          = fault.Invalid("media.broken_picture", "The picture is incomplete or damaged.")
	ErrEmpty           = fault.Invalid("media.empty_file", "The file is empty.")
	ErrInterrupted     = fault.Malformed("media.upload_interrupted", "The upload broke off before its end.")
	ErrNoFile          = fault.Invalid("media.file_required", "Send the picture as the part called file of a multipart form.")
	ErrBadForm         = fault.Malformed("media.bad_form", "The request is not a readable multipart form.")
	ErrAltTooLong      = fault.Invalid("media.alt_too_long", "The text for those who do not see the picture has more than 1000 characters.")
	ErrNoTenant        = fault.Unauthenticated("media.no_tenant", "It is not known whose shop this is for.")
)
