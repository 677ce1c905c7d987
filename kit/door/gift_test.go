package door

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/structpb"
)

// TestAGiftIsWhatACopyWouldBe holds the two ways of handing an answer over to each other: also for what the schema does
// not know, for what was in the caller's message before, and for a message of another Go type.
func TestAGiftIsWhatACopyWouldBe(t *testing.T) {
	t.Parallel()
	give, err := structpb.NewStruct(map[string]any{"list": []any{1.0, "two", map[string]any{"three": true}}, "nothing": nil})
	if err != nil {
		t.Fatal(err)
	}
	give.ProtoReflect().SetUnknown([]byte{0x98, 0x06, 0x01})
	for name, dst := range map[string]func() proto.Message{
		"the same type": func() proto.Message {
			return &structpb.Struct{Fields: map[string]*structpb.Value{"old": structpb.NewNullValue()}}
		},
		"another Go type":    func() proto.Message { return dynamicpb.NewMessage(give.ProtoReflect().Descriptor()) },
		"nobody who listens": func() proto.Message { return nil },
	} {
		for _, src := range []proto.Message{give, nil} {
			copied, handed := dst(), dst()
			if err := copyMessage(copied, src); err != nil {
				t.Fatal(err)
			}
			if err := handMessage(handed, src); err != nil {
				t.Fatal(err)
			}
			if !proto.Equal(copied, handed) {
				t.Errorf("%s: handed over\n%v\ncopied\n%v", name, handed, copied)
			}
		}
	}
}
