package media

import (
	"github.com/sovecom/sovecom/kit/fault"
)

// What the room answers when it does not do what it was asked.
var (
	ErrNotFound        = fault.NotFound("media.not_found", "There is no such picture or file.")
	ErrUploadNotFound  = fault.NotFound("media.upload_not_found", "There is no such upload, or it was given up.")
	ErrVersionConflict = fault.Stale("media.version_conflict", "Somebody has changed this meanwhile. Load it again.")

	ErrInUse         = fault.Conflict("media.in_use", "The shop still shows this. Take it off the products first; details say which they are.")
	ErrUploadMissing = fault.Conflict("media.upload_missing", "Nothing was sent to the address of this upload yet.")
	ErrNotAPicture   = fault.Conflict("media.not_a_picture", "This is a private file, of which there are no renditions.")

	ErrTooLarge      = fault.TooLarge("media.too_large", "This is larger than what is taken.")
	ErrTooManyPixels = fault.Invalid("media.too_many_pixels", "A picture has at most 100 megapixels, and an AVIF at most 30.")
	ErrUnknownType   = fault.MediaType("media.unsupported_type", "Only JPEG, PNG, WebP, GIF and AVIF pictures are taken.")
	ErrVariety       = fault.MediaType("media.unsupported_variety", "The picture is of a variety that hardly any program reads, such as a JPEG with arithmetic coding or 12 bits. Save it as an ordinary one.")
	ErrBroken        = fault.Invalid("media.broken_picture", "The picture is incomplete or damaged.")
	ErrEmpty         = fault.Invalid("media.empty_file", "The file is empty.")
	ErrMismatch      = fault.Invalid("media.upload_mismatch", "What was sent is not what was announced.")
	ErrInterrupted   = fault.Malformed("media.upload_interrupted", "The upload broke off before its end.")
	ErrNoFile        = fault.Invalid("media.file_required", "Send the file as the part called file of a multipart form.")
	ErrBadForm       = fault.Malformed("media.bad_form", "The request is not a readable multipart form.")

	ErrFetchAddress = fault.Invalid("media.fetch_address", "The address of the picture must not be used.")
	ErrFetch        = fault.Invalid("media.fetch_failed", "There is no picture at the address.")
	ErrFetchLater   = fault.Unavailable("media.fetch_unavailable", "The address of the picture does not answer right now. Please try again.")

	ErrAltTooLong = fault.Invalid("media.alt_too_long", "The text for those who do not see the picture has more than 1000 characters.")
	ErrLocale     = fault.Invalid("media.locale_invalid", "A language is a tag such as de or pt-BR.")
	ErrFolder     = fault.Invalid("media.folder_invalid", "A folder is a path of names between single slashes, at most 200 characters long.")
	ErrLabel      = fault.Invalid("media.label_invalid", "A label has 1 to 50 visible characters, and an asset has at most 50 of them.")

	ErrNoTenant  = fault.Unauthenticated("media.no_tenant", "It is not known whose shop this is for.")
	ErrSignature = fault.Denied("media.signature_invalid", "This address is not signed, was changed, or is too old. Ask for a new one.")
	ErrStorage   = fault.Unavailable("media.storage_unavailable", "Pictures and files cannot be read or stored right now. Please try again.")
	ErrBusy      = fault.Unavailable("media.busy", "There are too many pictures to work on right now. Please try again.")
)
