package config

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestSecretShowsNothing(t *testing.T) {
	t.Parallel()
	const raw = "hunter2"
	s := Secret(raw)
	holder := struct {
		S Secret
		P *Secret
		M map[string]Secret
	}{s, &s, map[string]Secret{"k": s}}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", s, "holder", holder)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "s", s, "holder", holder.S)
	inJSON, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	inYAML, err := yaml.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	seen := log.String() + string(inJSON) + string(inYAML)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		seen += fmt.Sprintf(verb, s) + fmt.Sprintf(verb, holder.M) + fmt.Errorf("x "+verb, s).Error()
	}
	if strings.Contains(seen, raw) || strings.Contains(seen, fmt.Sprintf("%x", raw)) {
		t.Errorf("the secret shows in %s", seen)
	}
	if s.Reveal() != raw || Secret("").String() != "" {
		t.Error("Reveal or the empty secret is wrong")
	}
}

func TestPrintDiffMarkdown(t *testing.T) {
	t.Parallel()
	_, report, err := Load(defaults(), Options{
		YAML:    []byte("gateway: {rate_limit: 600, timeout: 24h, tls: {cert: \"a\\tb\", key: k}}\n"),
		Environ: []string{"DATABASE_URL=x"},
	})
	if err == nil {
		t.Fatal("24h is over the section's limit")
	}
	const wantDiff = `KEY               VALUE       DEFAULT  SOURCE
gateway.timeout   24h         15s      file configuration file:1
gateway.tls.cert  "a\tb"      -        file configuration file:1
gateway.tls.key   k           -        file configuration file:1
dsn               [redacted]  -        env DATABASE_URL
`
	equal(t, wantDiff, output(t, report.Diff))
	printed := output(t, report.Print)
	for _, line := range []string{"dev                 false              default\n", "gateway.rate_limit  600                file configuration file:1\n"} {
		if !strings.Contains(printed, line) {
			t.Errorf("%q is missing in\n%s", line, printed)
		}
	}
	markdown := output(t, report.Markdown)
	for _, line := range []string{
		"| `dev` | `SOVECOM_DEV` | boolean | `false` | Development switches are allowed. |\n",
		"| `gateway.timeout` | `SOVECOM_GATEWAY_TIMEOUT` | duration | `15s` |  |\n",
		"| `dsn` | `DATABASE_URL`, `DATABASE_URL_FILE` | string |  | Postgres; a\\|b |\n",
	} {
		if !strings.Contains(markdown, line) {
			t.Errorf("%q is missing in\n%s", line, markdown)
		}
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	fields, err := Fields(defaults())
	if err != nil {
		t.Fatal(err)
	}
	if f := fields[3]; f.Key != "gateway.timeout" || f.Env != "SOVECOM_GATEWAY_TIMEOUT" || f.Default != "15s" || f.Changed || f.Source != Default {
		t.Errorf("got %+v", f)
	}
}

func output(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func equal(t *testing.T, want, got string) {
	t.Helper()
	if want != got {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}
}
