package adminv1

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// MediaList lists uploads, newest first.
func (c Client) MediaList(ctx context.Context, q MediaQuery) (List[Media], error) {
	return page[Media](ctx, c, rest.Query(q), "media")
}

// Media reads an upload.
func (c Client) Media(ctx context.Context, id string) (Media, error) {
	return one[Media](ctx, c, http.MethodGet, nil, "media", id)
}

// UploadMedia streams a picture of at most 32 MiB to the shop.
func (c Client) UploadMedia(ctx context.Context, filename, alt string, picture io.Reader) (Media, error) {
	return c.upload(ctx, filename, alt, picture, "media")
}

// UploadFile streams a private file of any kind to the shop.
func (c Client) UploadFile(ctx context.Context, filename string, file io.Reader) (Media, error) {
	return c.upload(ctx, filename, "", file, "media", "files")
}

func (c Client) upload(ctx context.Context, filename, alt string, content io.Reader, path ...string) (Media, error) {
	reader, writer := io.Pipe()
	form := multipart.NewWriter(writer)
	// Closing the reader ends the goroutine also when the call fails before the bytes are through.
	defer reader.Close()
	go func() { writer.CloseWithError(writeUpload(form, filename, alt, content)) }()
	return one[Media](ctx, c, http.MethodPost, rest.Raw{ContentType: form.FormDataContentType(), Reader: reader}, path...)
}

func writeUpload(form *multipart.Writer, filename, alt string, content io.Reader) error {
	if alt != "" {
		if err := form.WriteField("alt", alt); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile("file", filename)
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, content); err != nil {
		return err
	}
	return form.Close()
}

// CreateUpload announces an upload that is then sent to the address in the answer.
func (c Client) CreateUpload(ctx context.Context, in CreateUpload) (Upload, error) {
	return one[Upload](ctx, c, http.MethodPost, in, "media", "uploads")
}

// FetchMedia takes in the picture at a foreign address.
func (c Client) FetchMedia(ctx context.Context, in FetchMedia) (Media, error) {
	return one[Media](ctx, c, http.MethodPost, in, "media", "fetch")
}

// CompleteUpload has taken in what was sent to the address of an upload.
func (c Client) CompleteUpload(ctx context.Context, id string) (Media, error) {
	return one[Media](ctx, c, http.MethodPost, nil, "media", "uploads", id, "complete")
}

// UpdateMedia changes what is said of an upload.
func (c Client) UpdateMedia(ctx context.Context, id string, in UpdateMedia) (Media, error) {
	return one[Media](ctx, c, http.MethodPatch, in, "media", id)
}

// DeleteMedia removes an upload for good, unless the shop shows it.
func (c Client) DeleteMedia(ctx context.Context, id string) error {
	return c.delete(ctx, "media", id)
}

// MediaUses says where the shop shows or sells an upload.
func (c Client) MediaUses(ctx context.Context, id string) (MediaUses, error) {
	return one[MediaUses](ctx, c, http.MethodGet, nil, "media", id, "uses")
}

// MediaFolders lists the folders and labels in use.
func (c Client) MediaFolders(ctx context.Context) (MediaFolders, error) {
	return one[MediaFolders](ctx, c, http.MethodGet, nil, "media", "folders")
}

// RenderMedia has the renditions of a picture made once more.
func (c Client) RenderMedia(ctx context.Context, id string) (Media, error) {
	return one[Media](ctx, c, http.MethodPost, nil, "media", id, "renditions")
}

// MediaDownloadURL signs an address of an upload's bytes.
func (c Client) MediaDownloadURL(ctx context.Context, id string) (DownloadURL, error) {
	return one[DownloadURL](ctx, c, http.MethodGet, nil, "media", id, "download-url")
}
