package acceptance

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Target is the shop under test.
type Target struct {
	URL           string // where it listens, such as "http://127.0.0.1:8080"
	AdminEmail    string // an owner or admin
	AdminPassword string
}

// TargetFromEnv reads SOVECOM_URL, SOVECOM_ADMIN_EMAIL and SOVECOM_ADMIN_PASSWORD through getenv. A missing one is an
// error: a suite that quietly does nothing proves nothing.
func TargetFromEnv(getenv func(string) string) (Target, error) {
	t := Target{
		URL:           strings.TrimRight(getenv("SOVECOM_URL"), "/"),
		AdminEmail:    getenv("SOVECOM_ADMIN_EMAIL"),
		AdminPassword: getenv("SOVECOM_ADMIN_PASSWORD"),
	}
	return t, t.check()
}

func (t Target) check() error {
	var missing []error
	for _, part := range []struct{ name, value string }{
		{"SOVECOM_URL", t.URL}, {"SOVECOM_ADMIN_EMAIL", t.AdminEmail}, {"SOVECOM_ADMIN_PASSWORD", t.AdminPassword},
	} {
		if part.value == "" {
			missing = append(missing, fmt.Errorf("%s is not set", part.name))
		}
	}
	return errors.Join(missing...)
}

// plainLoopback says whether the shop is reached over http on loopback, the only place where cookies may lack Secure.
func (t Target) plainLoopback() bool {
	u, err := url.Parse(t.URL)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}
