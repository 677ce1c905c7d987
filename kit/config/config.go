// Package config turns defaults, one strict YAML file and the environment into a frozen value.
//
//	defaults ──▶ YAML file ──▶ environment ──▶ Validate() ──▶ the value, passed by copy
//	             (--config)    SOVECOM_<ROOM>_<KEY>,
//	                           SOVECOM_<ROOM>_<KEY>_FILE for secrets
//
// A setting is an exported struct field with a tag; a nested struct is a section:
//
//	type Config struct {
//		Dev     bool    `config:"dev" doc:"Development switches are allowed."`
//		Gateway Gateway `config:"gateway"`
//	}
//	type Gateway struct {
//		HTTPAddr  string        `config:"http_addr" doc:"Address the public API listens on."`
//		SignKey   config.Secret `config:"sign_key" doc:"Signs cursors; at least 32 bytes."`
//		RateLimit int           `config:"rate_limit" doc:"Store requests per minute and client; 0 switches it off."`
//	}
//
// gateway.rate_limit is then set by `gateway: {rate_limit: 60}` or by SOVECOM_GATEWAY_RATE_LIMIT=60. Kinds: string, bool, int, int64,
// float64, time.Duration, []string (a comma list) and Secret; a tag `secret:"true"` redacts any other kind, `env:"NAME"` gives a
// variable another name, `config:"-"` leaves a field alone.
//
// Whatever is not known is refused, because the commonest fault in a configuration is a typing error that silently means "the default".
package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
)

// EnvPrefix starts the name of every environment variable of the platform. A variable with this prefix that no setting answers to is an
// error. On Kubernetes set enableServiceLinks: false, or a Service called sovecom-x injects SOVECOM_X_PORT and its like.
const EnvPrefix = "SOVECOM_"

// Options says where settings come from. The zero value means: defaults only.
type Options struct {
	Path    string   // the YAML file; "" means none. A file that is named and missing is an error
	YAML    []byte   // the file's content if it is already at hand; Path then only names it in messages
	Environ []string // "NAME=value" entries as in os.Environ()
	Allow   []string // names with the prefix that belong to somebody else; path.Match patterns, e.g. "SOVECOM_TEST_*"
}

// Problems is every fault of a configuration at once, so that it takes one start to learn of all of them. No text in it holds a secret.
type Problems []error

func (p Problems) Error() string {
	if len(p) == 1 {
		return p[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the configuration has %d problems:", len(p))
	for _, err := range p {
		b.WriteString("\n  - " + err.Error())
	}
	return b.String()
}

// Unwrap lets errors.Is and errors.As see each problem.
func (p Problems) Unwrap() []error { return p }

// Load layers the sources over the defaults and validates the result. The error is a Problems; the Report is filled in either case, so
// that `config check` can show both. A setting whose value was refused keeps its default in the returned value.
//
// A `Validate() error` method on T or on any section is called last; joined errors count as several problems.
func Load[T any](defaults T, o Options) (T, Report, error) {
	value := defaults
	fields, err := walk(reflect.ValueOf(&value).Elem())
	if err != nil {
		return value, Report{}, Problems{err}
	}
	var problems Problems
	problems = append(problems, loadYAML(fields, o)...)
	problems = append(problems, loadEnv(fields, o)...)
	problems = append(problems, validate(reflect.ValueOf(&value).Elem(), "")...)
	report := newReport(fields)
	if len(problems) > 0 {
		return value, report, problems
	}
	return value, report, nil
}

// Fields lists every setting of T with its variable, kind, default and documentation, in declaration order.
func Fields[T any](defaults T) ([]Entry, error) {
	fields, err := walk(reflect.ValueOf(&defaults).Elem())
	if err != nil {
		return nil, err
	}
	return newReport(fields).Entries(), nil
}

// validate calls Validate on the value and on every section below it, innermost sections first: their message is the more precise one.
func validate(v reflect.Value, path string) (problems []error) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); v.Field(i).Kind() == reflect.Struct && f.Tag.Get("config") != "-" && f.IsExported() {
			problems = append(problems, validate(v.Field(i), join(path, f.Tag.Get("config")))...)
		}
	}
	validator, ok := v.Addr().Interface().(interface{ Validate() error })
	if !ok {
		return problems
	}
	for _, err := range flatten(validator.Validate()) {
		if path != "" {
			err = fmt.Errorf("%s: %w", path, err)
		}
		problems = append(problems, err)
	}
	return problems
}

// flatten takes joined errors apart.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

func readFile(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return nil, fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	}
	return b, err
}
