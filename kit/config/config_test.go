package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

type shop struct {
	Dev     bool    `config:"dev" doc:"Development switches are allowed."`
	Gateway gateway `config:"gateway"`
	DSN     Secret  `config:"dsn" env:"DATABASE_URL" doc:"Postgres; a|b"`
	Cached  int     `config:"-"`
}

type gateway struct {
	Addr      string        `config:"http_addr" doc:"Address the API listens on."`
	RateLimit int           `config:"rate_limit"`
	Timeout   time.Duration `config:"timeout"`
	Origins   []string      `config:"origins"`
	Share     float64       `config:"share"`
	MaxBody   int64         `config:"max_body"`
	Key       Secret        `config:"sign_key"`
	Pin       int           `config:"pin" secret:"true"`
	TLS       tls           `config:"tls"`
}

type tls struct {
	Cert string `config:"cert"`
	Key  string `config:"key"`
}

func (t tls) Validate() error {
	if (t.Cert == "") != (t.Key == "") {
		return errors.New("cert and key belong together")
	}
	return nil
}

var errTooSlow = errors.New("timeout must be below a minute")

func (g *gateway) Validate() error {
	var errs []error
	if g.Timeout > time.Minute {
		errs = append(errs, errTooSlow)
	}
	if g.RateLimit < 0 {
		errs = append(errs, errors.New("rate_limit must not be negative"))
	}
	return errors.Join(errs...)
}

func defaults() shop {
	return shop{Gateway: gateway{Addr: ":8080", RateLimit: 600, Timeout: 15 * time.Second, Origins: []string{"https://a.example"}, Share: 0.5}}
}

func TestLayers(t *testing.T) {
	t.Parallel()
	keyFile := filepath.Join(t.TempDir(), "key")
	write(t, keyFile, "from-a-file\n")
	got, report, err := Load(defaults(), Options{
		Path: "shop.yaml",
		YAML: []byte(`
# everything an operator may write
dev: true
gateway:
  rate_limit: 10
  timeout: 2m30s
  origins: [https://b.example, "https://c.example"]
  max_body: 1048576
  tls:
`),
		Environ: []string{
			"SOVECOM_GATEWAY_TIMEOUT=30s", "SOVECOM_GATEWAY_SIGN_KEY_FILE=" + keyFile, "DATABASE_URL=postgres://u:pw@h/d",
			"SOVECOM_GATEWAY_PIN=42", "PATH=/bin", "SOVECOM_GATEWAY_HTTP_ADDR=",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := shop{Dev: true, DSN: "postgres://u:pw@h/d", Gateway: gateway{
		RateLimit: 10, Timeout: 30 * time.Second, Origins: []string{"https://b.example", "https://c.example"},
		Share: 0.5, MaxBody: 1 << 20, Key: "from-a-file", Pin: 42,
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for key, origin := range map[string]string{
		"dev": "file shop.yaml:3", "gateway.rate_limit": "file shop.yaml:5", "gateway.timeout": "env SOVECOM_GATEWAY_TIMEOUT",
		"gateway.share": "default", "gateway.sign_key": "env_file SOVECOM_GATEWAY_SIGN_KEY_FILE", "dsn": "env DATABASE_URL",
	} {
		if e := entry(t, report, key); e.from() != origin {
			t.Errorf("%s comes from %q, want %q", key, e.from(), origin)
		}
	}
}

func TestFileIsRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shop.yaml")
	write(t, path, "dev: true\n")
	got, _, err := Load(defaults(), Options{Path: path})
	if err != nil || !got.Dev {
		t.Errorf("got %v, %v", got.Dev, err)
	}
	if _, _, err = Load(defaults(), Options{Path: path + ".missing"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file answers %v", err)
	}
}

func TestDefaultsAreNotShared(t *testing.T) {
	t.Parallel()
	d := defaults()
	got, _, err := Load(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	d.Gateway.Origins[0] = "changed"
	if got.Gateway.Origins[0] != "https://a.example" {
		t.Error("the loaded value shares memory with the defaults")
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	write(t, empty, "\n")
	for name, c := range map[string]struct {
		yaml string
		env  []string
		want string
	}{
		"unknown key":           {yaml: "gateway:\n  rate_limitt: 3\n", want: "configuration file line 2: unknown key gateway.rate_limitt; did you mean rate_limit?"},
		"unknown section":       {yaml: "gatewy: {}\n", want: "line 1: unknown key gatewy; did you mean gateway?"},
		"nothing near":          {yaml: "zzzzzz: 1\n", want: "configuration file line 1: unknown key zzzzzz"},
		"dotted key":            {yaml: "gateway.rate_limit: 3\n", want: "unknown key gateway.rate_limit"},
		"twice":                 {yaml: "dev: true\ndev: false\n", want: "line 2: dev is set twice"},
		"section as value":      {yaml: "gateway: 3\n", want: "line 1: gateway must be a section of keys"},
		"value as section":      {yaml: "dev: {a: 1}\n", want: "line 1: dev: must be one plain value"},
		"no value":              {yaml: "dev:\n", want: "dev: has no value; remove the line to keep the default"},
		"list of lists":         {yaml: "gateway:\n  origins:\n  - [a]\n", want: "line 3: gateway.origins: an item of the list is not a plain value"},
		"top is a list":         {yaml: "- a\n", want: "the file must be a section of keys"},
		"two documents":         {yaml: "dev: true\n---\ndev: false\n", want: "exactly one YAML document"},
		"not YAML":              {yaml: "a: b: c\n", want: "configuration file is not valid YAML: "},
		"bad number in file":    {yaml: "gateway:\n  rate_limit: many\n", want: `line 2: gateway.rate_limit: "many" is not a whole number`},
		"unknown variable":      {env: []string{"SOVECOM_GATEWAY_RATELIMIT=3"}, want: "SOVECOM_GATEWAY_RATELIMIT is not a known setting; did you mean SOVECOM_GATEWAY_RATE_LIMIT?"},
		"prefix is not a match": {env: []string{"SOVECOM_QQQQ=3"}, want: "SOVECOM_QQQQ is not a known setting"},
		"service link":          {env: []string{"SOVECOM_GATEWAY_PORT=tcp://10.0.0.1:80"}, want: "SOVECOM_GATEWAY_PORT is not a known setting; Kubernetes injected it: set enableServiceLinks to false on the pod"},
		"file for a non-secret": {env: []string{"SOVECOM_DEV_FILE=/x"}, want: "SOVECOM_DEV_FILE: only secrets can be read from a file; set SOVECOM_DEV instead"},
		"both":                  {env: []string{"DATABASE_URL=a", "DATABASE_URL_FILE=b"}, want: "DATABASE_URL and DATABASE_URL_FILE are both set; keep one"},
		"missing secret file":   {env: []string{"DATABASE_URL_FILE=/nowhere/at/all"}, want: "DATABASE_URL_FILE: cannot read /nowhere/at/all: no such file or directory"},
		"empty secret file":     {env: []string{"DATABASE_URL_FILE=" + empty}, want: "is empty"},
		"boolean":               {env: []string{"SOVECOM_DEV=yes"}, want: `SOVECOM_DEV: "yes" is not true or false`},
		"duration":              {env: []string{"SOVECOM_GATEWAY_TIMEOUT=15"}, want: `SOVECOM_GATEWAY_TIMEOUT: "15" is not a duration such as 500ms, 30s, 15m or 24h`},
		"not finite":            {env: []string{"SOVECOM_GATEWAY_SHARE=NaN"}, want: `SOVECOM_GATEWAY_SHARE: "NaN" is not a number such as 0.5`},
		"too large":             {env: []string{"SOVECOM_GATEWAY_MAX_BODY=9223372036854775808"}, want: `is not a whole number`},
		"hole in a list":        {env: []string{"SOVECOM_GATEWAY_ORIGINS=a,,b"}, want: `SOVECOM_GATEWAY_ORIGINS: "a,,b" is not a list without empty items`},
		"section is validated":  {yaml: "gateway: {tls: {cert: a}}\n", want: "gateway.tls: cert and key belong together"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, report, err := Load(defaults(), Options{YAML: []byte(c.yaml), Environ: c.env})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant …%s…", err, c.want)
			}
			if strings.HasSuffix(c.want, "zzzzzz") && strings.Contains(err.Error(), "mean") {
				t.Errorf("a far name was suggested: %v", err)
			}
			if len(report.Entries()) != 12 {
				t.Errorf("the report of a faulty configuration has %d entries", len(report.Entries()))
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, _, err := Load(defaults(), Options{
		YAML:    []byte("nope: 1\ngateway: {timeout: 2m}\n"),
		Environ: []string{"SOVECOM_GATEWAY_RATE_LIMIT=-1", "SOVECOM_GATEWAY_SHARE=half", "SOVECOM_X_Y=1"},
	})
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 5 {
		t.Fatalf("want 5 problems, got %v", err)
	}
	if !errors.Is(err, errTooSlow) {
		t.Errorf("the section's own error is lost: %v", err)
	}
	if !strings.HasPrefix(err.Error(), "the configuration has 5 problems:\n  - ") {
		t.Errorf("got %s", err)
	}
}

func TestAllowList(t *testing.T) {
	t.Parallel()
	env := []string{"SOVECOM_TEST_PG=1", "SOVECOM_CI=1"}
	if _, _, err := Load(defaults(), Options{Environ: env, Allow: []string{"SOVECOM_TEST_*", "SOVECOM_CI"}}); err != nil {
		t.Error(err)
	}
	if _, _, err := Load(defaults(), Options{Environ: env, Allow: []string{"SOVECOM_TEST_*"}}); err == nil {
		t.Error("SOVECOM_CI is not on the list and was let through")
	}
}

func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	_, report, err := Load(defaults(), Options{
		YAML:    []byte("gateway: {pin: " + secret + ", sign_key: [" + secret + "]}\n"),
		Environ: []string{"DATABASE_URL=" + secret},
	})
	if err == nil {
		t.Fatal("two bad secrets were accepted")
	}
	var out strings.Builder
	for _, write := range []error{report.Print(&out), report.Diff(&out), report.Markdown(&out)} {
		if write != nil {
			t.Fatal(write)
		}
	}
	if strings.Contains(err.Error()+out.String(), secret) {
		t.Errorf("the secret shows in:\n%s\n%s", err, out.String())
	}
	if !strings.Contains(out.String(), Redacted) {
		t.Errorf("a set secret should be seen to be set:\n%s", out.String())
	}
}

func TestProgrammersFaults(t *testing.T) {
	t.Parallel()
	type untagged struct{ A int }
	type unsupported struct {
		A map[string]int `config:"a"`
	}
	type clash struct {
		A     int `config:"b_c"`
		Inner struct {
			C int `config:"c"`
		} `config:"b"`
	}
	type fileClash struct {
		Key  Secret `config:"key"`
		File string `config:"key_file"`
	}
	type embedded struct {
		tls `config:"tls"`
	}
	type timed struct {
		At time.Time `config:"at"`
	}
	for name, err := range map[string]error{
		"untagged": second(Fields(untagged{})), "unsupported": second(Fields(unsupported{})), "clash": second(Fields(clash{})),
		"file clash": second(Fields(fileClash{})), "embedded": second(Fields(embedded{})), "not a struct": second(Fields(3)),
		"opaque struct": second(Fields(timed{})),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, _, err := Load(untagged{}, Options{}); err == nil {
		t.Error("Load accepts what Fields refuses")
	}
}

func FuzzYAML(f *testing.F) {
	f.Add([]byte("dev: true\ngateway: &g\n  tls: {cert: a, key: b}\n  origins: [a]\n"))
	f.Add([]byte("gateway: &a\n  tls: *a\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("# only a comment\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		_, report, err := Load(defaults(), Options{YAML: content})
		if err == nil && len(report.Entries()) == 0 {
			t.Error("neither settings nor an error")
		}
	})
}

func second(_ []Entry, err error) error { return err }

func entry(t *testing.T, r Report, key string) Entry {
	t.Helper()
	for _, e := range r.Entries() {
		if e.Key == key {
			return e
		}
	}
	t.Fatalf("no entry %s", key)
	return Entry{}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
