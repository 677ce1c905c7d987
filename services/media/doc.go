// Package media is the media room: the pictures of the shop.
//
// It owns the description of every picture (table assets) and its bytes (a folder). Bytes never cross the mesh: they
// come in through [Service.Upload] and go out through [Service.Serve], or through [Service.HTTP], which is both behind
// one handler; whoever mounts that puts tenant and principal into the request's context.
//
// Promises. A picture is what its bytes are, whatever the sender calls them: JPEG, PNG, WebP, GIF or AVIF, complete, of
// at most 32 MiB and 100 megapixels; anything else is refused, SVG too, because it can carry scripts. The same bytes are
// one asset, however often and however simultaneously they are sent. An asset that was answered has its bytes on disk. Bytes never change under their address
//
//	/media/<tenant>/<sha256>.<extension>
//
// so they may be cached for ever; deleting an asset makes them unavailable here, not in caches.
//
// Order of things, so that a crash leaves a spare file and never an asset without one: file, then row; on deletion row,
// then file. Both sides take a lock on the bytes' address. Run removes spare files.
//
// It announces nothing. It listens to evt.identity.tenant.created (media-tenants), to open the tenant's books.
package media
