package embed

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// childAttr makes a child that ends with us (SIGINT is PostgreSQL's fast
// shutdown) and that a Ctrl-C in the terminal does not reach: the program
// drains first and stops the database last.
func childAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}

// inNamespace runs the child in a user namespace where root's files belong to
// uid. Root keeps none of its powers there, and needs no way through folders
// that only root may enter.
func inNamespace(uid, gid int) *syscall.SysProcAttr {
	attr := childAttr()
	attr.Cloneflags = syscall.CLONE_NEWUSER
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: 0, Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: 0, Size: 1}}
	return attr
}

// isPostmaster tells whether pid is a server on this cluster: a postmaster
// works in its cluster's folder. A process that merely got the number of one
// that died does not.
func isPostmaster(pid int, cluster string) bool {
	cwd, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	dir, err := os.Stat(cluster)
	return err == nil && os.SameFile(cwd, dir)
}

// commandOf is the program a process runs and its first argument, or "".
// Further arguments may be secrets.
func commandOf(pid int) string {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	words := strings.Split(string(bytes.TrimRight(line, "\x00")), "\x00")
	return strings.Join(words[:min(2, len(words))], " ")
}

// syncFiles brings everything written to the file system of dir to the disk.
func syncFiles(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer file.Close()
	return unix.Syncfs(int(file.Fd()))
}
