package main

import (
	"fmt"
	"runtime/debug"
	"strings"
)

type versionCmd struct{}

// Run prints the version on one line.
func (versionCmd) Run() error {
	_, err := fmt.Println("sovecom " + version())
	return err
}

// version is what the build knows of itself: the release, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := strings.TrimPrefix(info.Main.Version, "v")
	if v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "0.0.0-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return "0.0.0-dev"
}

// semver is the version as the NATS service registry wants it: numbers first.
func semver() string {
	v := version()
	if v == "unknown" {
		return "0.0.0"
	}
	v, _, _ = strings.Cut(v, "+")
	return v
}
