// Package media is the media room: the pictures of the shop, and the files it sells.
//
// It owns the description of every asset (table assets) and its bytes (a folder, or S3: see storage). Bytes never cross the
// mesh: they come in through [Service.Upload] or a signed address and go out through [Service.Serve] or a signed address,
// all of it behind [Service.HTTP]; whoever mounts that puts tenant and principal into the request's context.
//
// Promises. A picture is what its bytes are, whatever the sender calls them: JPEG, PNG, WebP, GIF or AVIF, complete, of
// at most 32 MiB and 100 megapixels (30 in AVIF), and it was decoded once before it is answered; anything else is refused, SVG too,
// because it can carry scripts. What is kept is upright and holds nothing but the picture: no EXIF, no places, no comments,
// nothing behind its end. The same bytes are one asset, however often and however simultaneously they are sent. An asset
// that was answered has its bytes stored. Bytes never change under their address
//
//	/media/<tenant>/<sha256>.<extension>
//	/media/<tenant>/<sha256>/<width>.<extension>   a rendition, see kit/rendition
//
// so they may be cached for ever; deleting an asset makes them unavailable here, not in caches. An asset that the catalogue
// uses is not deleted, nor begins to be used while it is being deleted. A private file has no such address: it is given to
// whoever holds a signed one, for a while. The keys that sign take turns (keyring.go): by age, or when they are told to, and
// what the one before has signed goes on working until it has run out.
//
// Renditions are made after the upload by jobs with leases (table rendition_jobs), in processes of their own (crew); one
// that is asked for before is made at once, and if that takes too long the picture itself stands in, to be cached for a
// moment only.
//
// Order of things, so that a crash leaves spare bytes and never an asset without any: bytes, then row; on deletion row,
// then bytes. Both sides take a lock on the bytes. Run removes what nothing points at, and uploads nobody finished.
//
// It announces evt.media.asset.created, .updated and .deleted, and evt.media.signing_key.rotated. It listens to evt.identity.tenant.created (media-tenants), to
// open the tenant's books, and calls the catalogue to learn where an asset is used.
package media
