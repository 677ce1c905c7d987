//go:build unix

package embed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// maxSocketPath bounds the path of the socket in bytes. The kernel's limit is
// 107 on Linux and 103 on macOS.
const maxSocketPath = 100

// identity is how the server's processes run and who owns their files.
type identity struct {
	attr     *syscall.SysProcAttr
	uid, gid int
}

// identities are the ways to run the server, the better first. PostgreSQL
// refuses root, so root runs it as another user; where that user cannot reach
// the folder, in a user namespace without root's powers.
func identities(cfg PostgresConfig) []identity {
	if euid := os.Geteuid(); euid != 0 {
		return []identity{{attr: childAttr(), uid: euid, gid: os.Getegid()}}
	}
	as := childAttr()
	as.Credential = &syscall.Credential{Uid: uint32(cfg.UID), Gid: uint32(cfg.GID)}
	ways := []identity{{attr: as, uid: cfg.UID, gid: cfg.GID}}
	if attr := inNamespace(cfg.UID, cfg.GID); attr != nil {
		ways = append(ways, identity{attr: attr})
	}
	return ways
}

// chooseIdentity makes the folder run below the data folder and takes the first
// identity that can work in it, which it finds out by doing so: permission
// bits alone know nothing of access lists, containers and missing privileges.
func chooseIdentity(ctx context.Context, cfg PostgresConfig, bin string) (identity, error) {
	run := filepath.Join(cfg.DataDir, runName)
	var failed []string
	for _, id := range identities(cfg) {
		err := id.ownDir(run)
		if err == nil && !id.provenIn(cfg, bin) {
			err = id.canWorkIn(ctx, run, bin)
		}
		if err == nil {
			return id, nil
		}
		if ctx.Err() != nil {
			return identity{}, ctx.Err()
		}
		failed = append(failed, err.Error())
	}
	if os.Geteuid() != 0 {
		return identity{}, fmt.Errorf("PostgreSQL cannot work in %s: %s", cfg.DataDir, strings.Join(failed, "; "))
	}
	for _, dir := range []string{cfg.DataDir, bin} {
		if closed := closedFolder(dir, cfg.UID, cfg.GID); closed != "" {
			return identity{}, fmt.Errorf("PostgreSQL does not run as root, and the unprivileged user %d may not enter %s on the way to %s; "+
				"allow it with `chmod a+x %s`, choose another folder, or start the program as an ordinary user", cfg.UID, closed, dir, closed)
		}
	}
	return identity{}, fmt.Errorf("PostgreSQL does not run as root, and could not be started as the unprivileged user %d (%s); "+
		"start the program as an ordinary user", cfg.UID, strings.Join(failed, "; "))
}

// provenIn tells that a cluster of this identity is there already and that the
// way to it is still open, which spares a start the trial.
func (id identity) provenIn(cfg PostgresConfig, bin string) bool {
	info, err := os.Lstat(filepath.Join(cfg.DataDir, clusterName))
	return err == nil && ownerOf(info) == id.uid &&
		closedFolder(cfg.DataDir, id.uid, id.gid) == "" && closedFolder(bin, id.uid, id.gid) == ""
}

// canWorkIn starts the server's program in dir as this identity.
func (id identity) canWorkIn(ctx context.Context, dir, bin string) error {
	return id.dress(exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version"), dir).Run()
}

// dress makes cmd run in dir as this identity. Nothing of our environment
// reaches it but the search paths: PG* and LC_* variables would change what
// it does, and TZ spares initdb a search through all time zones.
func (id identity) dress(cmd *exec.Cmd, dir string) *exec.Cmd {
	cmd.Dir = dir
	attr := *id.attr
	cmd.SysProcAttr = &attr
	cmd.Env = []string{"LC_ALL=C", "TZ=UTC"}
	for _, key := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(key); ok {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
	}
	return cmd
}

// ownDir makes dir a folder of this identity alone.
func (id identity) ownDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", dir)
	}
	if ownerOf(info) != id.uid {
		if err := os.Chown(dir, id.uid, id.gid); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o700)
}

// ownTree gives a whole cluster to this identity. The top comes last, so that
// an interrupted run is seen and done again.
func (id identity) ownTree(top string) error {
	info, err := os.Lstat(top)
	if err != nil || ownerOf(info) == id.uid {
		return err
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("the PostgreSQL cluster %s belongs to user %d; start the program as that user or as root", top, ownerOf(info))
	}
	err = filepath.WalkDir(top, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == top {
			return err
		}
		return os.Lchown(path, id.uid, id.gid)
	})
	if err != nil {
		return err
	}
	return os.Lchown(top, id.uid, id.gid)
}

// socketDir chooses where the socket lives: below the data folder, or in a
// private folder of a short path when the socket's path would be too long. The
// short one is derived from the data folder, so a crash leaves no trail of them.
func socketDir(ctx context.Context, cfg PostgresConfig, id identity, bin string) (dir string, temporary bool, err error) {
	run := filepath.Join(cfg.DataDir, runName)
	if fitsSocket(run) {
		return run, false, nil
	}
	sum := sha256.Sum256([]byte(cfg.DataDir))
	name := "sovecom-" + hex.EncodeToString(sum[:8])
	for _, base := range []string{os.TempDir(), "/tmp"} {
		dir := filepath.Join(base, name)
		if !fitsSocket(dir) {
			continue
		}
		if info, found := os.Lstat(dir); found == nil && ownerOf(info) != id.uid && ownerOf(info) != os.Geteuid() {
			// A stranger was here first, as in a folder for all anybody can be.
			if dir, err = os.MkdirTemp(base, "sovecom-"); err != nil {
				continue
			}
		}
		if err = id.ownDir(dir); err == nil {
			err = id.canWorkIn(ctx, dir, bin)
		}
		if err == nil {
			return dir, true, nil
		}
	}
	return "", false, fmt.Errorf("the path %s is too long for a socket and no short temporary folder can be used (%w); choose a shorter data folder", run, err)
}

func fitsSocket(dir string) bool {
	return len(filepath.Join(dir, ".s.PGSQL.65535")) <= maxSocketPath
}

// closedFolder is the first folder on the way to dir that uid may not enter
// by its permission bits, or "".
func closedFolder(dir string, uid, gid int) string {
	var path string
	for _, part := range strings.SplitAfter(filepath.Clean(dir), string(filepath.Separator)) {
		path += part
		info, err := os.Stat(path)
		if err != nil {
			return path
		}
		bit := fs.FileMode(0o001)
		switch stat := info.Sys().(*syscall.Stat_t); {
		case int(stat.Uid) == uid:
			bit = 0o100
		case int(stat.Gid) == gid:
			bit = 0o010
		}
		if info.Mode().Perm()&bit == 0 {
			return filepath.Clean(path)
		}
	}
	return ""
}

func ownerOf(info fs.FileInfo) int {
	return int(info.Sys().(*syscall.Stat_t).Uid)
}
