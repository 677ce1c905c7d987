package rpc

import (
	"context"
	"errors"
	"strings"
	"sync"

	"buf.build/go/protovalidate"
	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/sovecom/sovecom/gen/sovecom/api/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
)

// ErrDenied is what staff without the permission get; details name the permission.
var ErrDenied = fault.Denied("auth.permission_denied", "Your role does not allow this.")

// ErrInvalid is what a request with values out of bounds gets; its fields say which.
var ErrInvalid = fault.Invalid("validation.failed", "Some fields are not valid.")

// Public marks admin methods that are for signing in.
const Public = "public"

// Policy is what a method's options declare.
type Policy struct {
	Audience   apiv1.Audience
	Permission string
}

// PolicyOf reads a method's options.
func PolicyOf(method protoreflect.MethodDescriptor) Policy {
	opts := method.Options()
	audience, _ := proto.GetExtension(opts, apiv1.E_Audience).(apiv1.Audience)
	permission, _ := proto.GetExtension(opts, apiv1.E_Permission).(string)
	return Policy{Audience: audience, Permission: permission}
}

// permitted keeps everyone but staff with the permission away from admin methods. The gateway asks first; this is the
// second lock, on every door.
func permitted(next connect.ServerFunc) connect.ServerFunc {
	var policies sync.Map // of methods, as they are asked for: a server has a bounded number of them
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		if method, ok := spec.Schema.(protoreflect.MethodDescriptor); ok {
			known, ok := policies.Load(spec.Procedure)
			if !ok {
				known, _ = policies.LoadOrStore(spec.Procedure, PolicyOf(method))
			}
			policy, _ := known.(Policy)
			if err := Permit(ctx, policy); err != nil {
				return err
			}
		}
		return next(ctx, spec, stream)
	}
}

// Permit checks the principal of the context against a policy.
func Permit(ctx context.Context, policy Policy) error {
	if policy.Audience != apiv1.Audience_AUDIENCE_ADMIN || policy.Permission == Public {
		return nil
	}
	p := auth.From(ctx)
	switch {
	case p.Kind == auth.Service:
		return nil
	case p.Kind != auth.Staff:
		return auth.ErrUnauthenticated
	case policy.Permission != "" && !p.May(policy.Permission):
		return ErrDenied.WithObject(map[string]any{"permission": policy.Permission})
	}
	return nil
}

// validated checks requests against the rules in their proto files.
func validated(rules Rules) connect.ServerInterceptor {
	return func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			return next(ctx, spec, validatedStream{stream, rules})
		}
	}
}

type validatedStream struct {
	connect.ServerStream

	rules Rules
}

func (s validatedStream) Receive(msg any) error {
	if err := s.ServerStream.Receive(msg); err != nil {
		return err //nolint:wrapcheck // io.EOF must stay io.EOF
	}
	m, ok := msg.(proto.Message)
	if !ok {
		return nil
	}
	return s.rules.Check(m)
}

// violations names fields as REST callers do: camelCase, without the message they sit in.
func violations(err error) error {
	var ve *protovalidate.ValidationError
	if err == nil || !errors.As(err, &ve) {
		return err
	}
	var fields []fault.Field
	for _, v := range ve.Violations {
		rule := v.Proto.GetRuleId()
		fields = append(fields, fault.Field{
			Field:   camel(protovalidate.FieldPathString(v.Proto.GetField())),
			Code:    strings.ReplaceAll(rule, ".", "_"),
			Message: v.Proto.GetMessage(),
		})
	}
	return ErrInvalid.WithFields(fields...)
}

func camel(path string) string {
	var b strings.Builder
	up := false
	for _, r := range path {
		switch {
		case r == '_':
			up = true
		case up:
			b.WriteString(strings.ToUpper(string(r)))
			up = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Rules checks messages against the rules in their proto files, as a server does with every request: for those that come
// another way, such as in files. It is safe for concurrent use.
type Rules struct{ validator protovalidate.Validator }

// NewRules makes Rules.
func NewRules() (Rules, error) {
	validator, err := protovalidate.New()
	return Rules{validator}, err //nolint:wrapcheck // says what it is
}

// Check returns ErrInvalid with a field for each rule that is broken.
func (r Rules) Check(m proto.Message) error { return violations(r.validator.Validate(m)) }
