package door

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"
	"github.com/nats-io/nats.go"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

const (
	headerProcedure = "Rpc-Procedure"
	headerID        = "Rpc-Id"
	headerTimeout   = "Rpc-Timeout-Us"
	headerCode      = "Rpc-Code"

	// Metadata is prefixed, so that no name of it can be one NATS gives a meaning to, such as Status or Nats-Msg-Id.
	prefixHeader  = "H-"
	prefixTrailer = "T-"

	codeOK = "ok"
)

func subjectOf(room string) string         { return "rpc." + room }
func cancelSubject(room, id string) string { return "rpc.cancel." + room + "." + id }

// checkRoom refuses a name that would not be one token of a subject, or would be one that calls are named under.
func checkRoom(room string) *connect.Error {
	if ok, _ := regexp.MatchString(`^[a-z][a-z0-9_-]*$`, room); !ok || room == "cancel" || room == "alive" {
		return connect.Errorf(connect.CodeInternal, "%q is no name for a room: it takes lower-case letters, digits, - and _, starts with a letter and is neither \"cancel\" nor \"alive\".", room)
	}
	return nil
}

func (m metadata) toNATS(h nats.Header, prefix string) {
	for name, values := range m {
		h[prefix+name] = values
	}
}

func fromNATS(h nats.Header, prefix string) metadata {
	var m metadata
	for name, values := range h {
		if name, ok := strings.CutPrefix(name, prefix); ok {
			if m == nil {
				m = make(metadata)
			}
			m[name] = values
		}
	}
	return m
}

// headerBytes is what h adds to the size of a message, which the server's max_payload counts.
func headerBytes(h nats.Header) int {
	size := len("NATS/1.0\r\n\r\n")
	for name, values := range h {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	return size
}

func encodeTimeout(d time.Duration) string {
	return strconv.FormatInt(max(d.Microseconds(), 1), 10)
}

func decodeTimeout(s string) (time.Duration, bool) {
	const longest = int64(365 * 24 * time.Hour / time.Microsecond)
	us, err := strconv.ParseInt(s, 10, 64)
	if err != nil || us < 1 || us > longest {
		return 0, false
	}
	return time.Duration(us) * time.Microsecond, true
}

func encodeError(err *connect.Error) []byte {
	status := &statuspb.Status{Code: int32(err.Code()), Message: strings.ToValidUTF8(err.Message(), "\uFFFD")}
	for _, d := range err.Details() {
		status.Details = append(status.Details, connectproto.ErrorDetailToAny(d))
	}
	data, marshalErr := proto.Marshal(status)
	if marshalErr != nil { // a type name that is not UTF-8
		status.Details = nil
		data, _ = proto.Marshal(status)
	}
	return data
}

func decodeError(data []byte) *connect.Error {
	status := &statuspb.Status{}
	if err := proto.Unmarshal(data, status); err != nil {
		return unreadableAnswer().WithCause(err)
	}
	code := connect.Code(status.GetCode())
	if code < connect.CodeCanceled || code > connect.CodeUnauthenticated {
		code = connect.CodeUnknown
	}
	out := connect.NewError(code, status.GetMessage())
	for _, detail := range status.GetDetails() {
		if d, err := connectproto.NewErrorDetail(detail); err == nil {
			out = out.WithDetail(d)
		}
	}
	return out.WithRemote()
}

func unreadableAnswer() *connect.Error {
	return connect.NewError(connect.CodeInternal, "The answer could not be read.")
}
