package adminv1

// Media is an uploaded picture, or a private file.
type Media struct {
	ID          string            `json:"id" format:"uuid" doc:"UUIDv7."`
	URL         string            `json:"url" example:"/media/…" doc:"Address of the picture at full size, absolute or relative to the shop; empty for a private file, which has none."`
	Private     bool              `json:"private" doc:"A file of any kind that is given only to whoever has a signed address, such as a digital good."`
	Alt         string            `json:"alt" doc:"Text for those who do not see the picture; empty when it only decorates."`
	Alts        map[string]string `json:"alts" nullable:"false" doc:"The same text in other languages, by BCP 47 language tag."`
	ContentType string            `json:"contentType" example:"image/webp" doc:"Probed from the bytes, never taken from the sender."`
	Filename    string            `json:"filename" doc:"Name the file had."`
	SizeBytes   int64             `json:"sizeBytes" minimum:"0" doc:"Bytes."`
	Width       int               `json:"width" minimum:"0" doc:"Pixels, of the picture held upright; 0 for a private file."`
	Height      int               `json:"height" minimum:"0" doc:"Pixels, of the picture held upright; 0 for a private file."`
	Animated    bool              `json:"animated" doc:"It moves. The picture at full size does so too; renditions show its beginning."`
	Blurhash    *string           `json:"blurhash" doc:"What to show until the picture is there (https://blurha.sh); null for a private file."`
	FocalPoint  *FocalPoint       `json:"focalPoint" doc:"What matters most, for whoever has to crop; null for the middle."`
	Folder      *string           `json:"folder" example:"shirts/linen" doc:"Where staff keep it, or null."`
	Labels      []string          `json:"labels" nullable:"false" doc:"What staff call it, sorted."`
	SHA256      string            `json:"sha256" doc:"SHA-256 of the stored bytes in hexadecimal. They are those that were sent, without metadata and turned upright."`
	Rendering   *Rendering        `json:"rendering" doc:"How far the renditions have come; null for a private file."`
	Renditions  []Rendition       `json:"renditions" nullable:"false" doc:"The same picture in other sizes and formats. One that is not made yet is made when it is asked for."`
	Version     int64             `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt   Time              `json:"createdAt" format:"date-time" doc:"When it was uploaded."`
	UpdatedAt   Time              `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// Rendering is the making of renditions.
type Rendering struct {
	Status  string  `json:"status" enum:"queued,running,succeeded,failed" doc:"failed: it was tried several times; POST /media/{id}/renditions tries again."`
	Done    int     `json:"done" minimum:"0" doc:"Renditions that are made."`
	Total   int     `json:"total" minimum:"0" doc:"Renditions that are to be made."`
	Failure *string `json:"failure" doc:"What went wrong, or null."`
}

// UpdateMedia is the body of PATCH /admin/v1/media/{id}.
type UpdateMedia struct {
	Alt        Optional[string]     `json:"alt,omitzero" maxLength:"1000" doc:"Text for those who do not see the picture; null empties it."`
	Alts       map[string]*string   `json:"alts,omitempty" nullable:"false" doc:"Texts to set in other languages, by BCP 47 language tag; null removes one. Those not named stay."`
	FocalPoint Optional[FocalPoint] `json:"focalPoint,omitzero" doc:"What matters most; null for the middle."`
	Folder     Optional[string]     `json:"folder,omitzero" maxLength:"200" doc:"Names between slashes; null for none."`
	Labels     Optional[[]string]   `json:"labels,omitzero" maxItems:"50" maxLength:"50" doc:"All labels; null for none."`
	Filename   Optional[string]     `json:"filename,omitzero" nullable:"false" maxLength:"255" doc:"Name under which it is saved."`
}

// MediaQuery holds the query parameters of GET /admin/v1/media.
type MediaQuery struct {
	PageQuery
	Q         string         `query:"q" maxLength:"200" doc:"Part of the file name or of the text; every character stands for itself."`
	Folder    string         `query:"folder" maxLength:"200" doc:"A folder, with those below it."`
	Label     string         `query:"label" maxLength:"50" doc:"Only what carries this label."`
	Private   Optional[bool] `query:"private" nullable:"false" doc:"true: only private files; false: only pictures."`
	Rendering string         `query:"rendering" enum:"queued,running,succeeded,failed" doc:"Only pictures whose renditions have come this far."`
}

// MediaUse is a place where the shop shows or sells an upload.
type MediaUse struct {
	Kind      string  `json:"kind" enum:"product_image,product_safety_image,product_energy_label,variant_file" doc:"What it is used as."`
	ProductID string  `json:"productId" format:"uuid" doc:"Whose it is."`
	VariantID *string `json:"variantId" format:"uuid" doc:"Of a variant's file, or null."`
	Title     string  `json:"title" doc:"Title of the product."`
}

// MediaUses is where an upload is used.
type MediaUses struct {
	Uses []MediaUse `json:"uses" nullable:"false" doc:"At most 50 places."`
	More bool       `json:"more" doc:"There are more than are listed."`
}

// MediaFolders are the folders and labels in use.
type MediaFolders struct {
	Folders []MediaFolder `json:"folders" nullable:"false" doc:"Sorted."`
	Labels  []MediaFolder `json:"labels" nullable:"false" doc:"Sorted."`
}

// MediaFolder is a folder or a label.
type MediaFolder struct {
	Name   string `json:"name" doc:"Its name."`
	Assets int    `json:"assets" minimum:"0" doc:"How many uploads are directly in it."`
}

// CreateUpload is the body of POST /admin/v1/media/uploads.
type CreateUpload struct {
	Filename    string   `json:"filename" minLength:"1" maxLength:"255" doc:"Name of the file."`
	ContentType string   `json:"contentType,omitempty" maxLength:"255" doc:"What it is said to be. What counts is read from the bytes."`
	SizeBytes   int64    `json:"sizeBytes" minimum:"1" doc:"Bytes that will be sent, exactly."`
	SHA256      string   `json:"sha256" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 of them in hexadecimal."`
	Private     bool     `json:"private,omitempty" doc:"A file of any kind instead of a picture."`
	Alt         string   `json:"alt,omitempty" maxLength:"1000" doc:"Text for those who do not see the picture."`
	Folder      string   `json:"folder,omitempty" maxLength:"200" doc:"Where staff keep it."`
	Labels      []string `json:"labels,omitempty" nullable:"false" maxItems:"50" maxLength:"50" doc:"What staff call it."`
}

// FetchMedia is the body of POST /admin/v1/media/fetch.
type FetchMedia struct {
	URL    string   `json:"url" minLength:"1" maxLength:"2048" example:"https://example.com/shirt.jpg" doc:"Where the picture is. The same address again is the same picture, and is not asked."`
	Alt    string   `json:"alt,omitempty" maxLength:"1000" doc:"Text for those who do not see the picture."`
	Folder string   `json:"folder,omitempty" maxLength:"200" doc:"Where staff keep it."`
	Labels []string `json:"labels,omitempty" nullable:"false" maxItems:"50" maxLength:"50" doc:"What staff call it."`
}

// Upload is an announced upload: send the bytes to the address, then POST /admin/v1/media/uploads/{id}/complete.
type Upload struct {
	ID        string            `json:"id" format:"uuid" doc:"UUIDv7."`
	Method    string            `json:"method" example:"PUT" doc:"How the bytes are sent."`
	URL       string            `json:"url" doc:"Where to, absolute or relative to the shop. No other permission is needed."`
	Headers   map[string]string `json:"headers" nullable:"false" doc:"What has to be sent along."`
	ExpiresAt Time              `json:"expiresAt" format:"date-time" doc:"Until when the address works."`
}

// DownloadURL is a signed address.
type DownloadURL struct {
	URL       string `json:"url" doc:"Absolute or relative to the shop. Whoever has it may read the bytes."`
	ExpiresAt Time   `json:"expiresAt" format:"date-time" doc:"Until when it works."`
}
