package media

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
)

func toProto(a asset) *mediav1.Asset {
	return &mediav1.Asset{
		Id: a.id.String(), Url: a.key().url(), Alt: a.alt, ContentType: a.contentType, SizeBytes: a.size,
		Width: int32(a.width), Height: int32(a.height),
		Sha256: a.sha256, Filename: a.filename, Version: a.version,
		CreatedAt: timestamppb.New(a.createdAt), UpdatedAt: timestamppb.New(a.updatedAt),
	}
}
