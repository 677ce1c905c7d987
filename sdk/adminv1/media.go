package adminv1

// Media is an uploaded picture.
type Media struct {
	ID          string `json:"id" format:"uuid" doc:"UUIDv7."`
	URL         string `json:"url" example:"/media/…" doc:"Address of the picture at full size, absolute or relative to the shop."`
	Alt         string `json:"alt" doc:"Text for those who do not see the picture; empty when it only decorates."`
	ContentType string `json:"contentType" example:"image/webp" doc:"Probed from the bytes, never taken from the sender."`
	Filename    string `json:"filename" doc:"Name the file had."`
	SizeBytes   int64  `json:"sizeBytes" minimum:"0" doc:"Bytes."`
	Width       int    `json:"width" minimum:"0" doc:"Pixels."`
	Height      int    `json:"height" minimum:"0" doc:"Pixels."`
	SHA256      string `json:"sha256" doc:"SHA-256 of the stored bytes in hexadecimal."`
	Version     int64  `json:"version" minimum:"1" doc:"Counts changes; also the ETag."`
	CreatedAt   Time   `json:"createdAt" format:"date-time" doc:"When it was uploaded."`
	UpdatedAt   Time   `json:"updatedAt" format:"date-time" doc:"When it last changed."`
}

// UpdateMedia is the body of PATCH /admin/v1/media/{id}.
type UpdateMedia struct {
	Alt Optional[string] `json:"alt,omitzero" maxLength:"1000" doc:"Text for those who do not see the picture; null empties it."`
}

// MediaQuery holds the query parameters of GET /admin/v1/media.
type MediaQuery struct {
	PageQuery
	Q string `query:"q" maxLength:"200" doc:"Part of the file name or of the text; every character stands for itself."`
}
