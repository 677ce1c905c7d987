package media

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/rendition"
)

func toProto(a asset) *mediav1.Asset {
	out := &mediav1.Asset{
		Id: a.id.String(), Alt: a.alt, Alts: a.alts, ContentType: a.contentType, SizeBytes: a.size,
		Width: int32(a.width), Height: int32(a.height), Animated: a.animated, Blurhash: a.blurhash, Private: a.private,
		Sha256: a.sha256, Filename: a.filename, Folder: a.folder, Labels: a.labels, Version: a.version,
		CreatedAt: timestamppb.New(a.createdAt), UpdatedAt: timestamppb.New(a.updatedAt),
	}
	if a.focal != nil {
		out.FocalPoint = &mediav1.FocalPoint{X: a.focal.x, Y: a.focal.y}
	}
	if !a.private {
		out.Url = a.key().url()
		out.Rendering = renderingToProto(a)
	}
	return out
}

// renderingToProto counts what has no job as to be made when it is asked for.
func renderingToProto(a asset) *mediav1.Rendering {
	out := &mediav1.Rendering{Status: mediav1.RenderingStatus_RENDERING_STATUS_QUEUED, Total: int32(renditionsOf(a.width))}
	if a.job != nil {
		out.Status, out.Done, out.Failure = statusToProto(a.job.status), int32(a.job.done), a.job.failure
	}
	for _, width := range rendition.Widths(a.width) {
		out.Widths = append(out.Widths, int32(width))
	}
	return out
}

func statusToProto(s jobStatus) mediav1.RenderingStatus {
	switch s {
	case running:
		return mediav1.RenderingStatus_RENDERING_STATUS_RUNNING
	case succeeded:
		return mediav1.RenderingStatus_RENDERING_STATUS_SUCCEEDED
	case failed:
		return mediav1.RenderingStatus_RENDERING_STATUS_FAILED
	case queued:
	}
	return mediav1.RenderingStatus_RENDERING_STATUS_QUEUED
}

func statusFromProto(s mediav1.RenderingStatus) jobStatus {
	switch s {
	case mediav1.RenderingStatus_RENDERING_STATUS_QUEUED:
		return queued
	case mediav1.RenderingStatus_RENDERING_STATUS_RUNNING:
		return running
	case mediav1.RenderingStatus_RENDERING_STATUS_SUCCEEDED:
		return succeeded
	case mediav1.RenderingStatus_RENDERING_STATUS_FAILED:
		return failed
	case mediav1.RenderingStatus_RENDERING_STATUS_UNSPECIFIED:
	}
	return ""
}

func patchFromProto(req *mediav1.UpdateAssetRequest) patch {
	p := patch{
		filename: req.Filename, alt: req.Alt, alts: req.GetAlts(), clearFocal: req.GetClearFocalPoint(),
		folder: req.Folder, labels: req.GetLabels(), setLabels: req.GetSetLabels(),
	}
	if f := req.GetFocalPoint(); f != nil {
		p.focal = &point{places(f.GetX()), places(f.GetY())}
	}
	return p
}
