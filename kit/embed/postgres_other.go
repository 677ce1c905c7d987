//go:build unix && !linux

package embed

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// childAttr makes a child that a Ctrl-C in the terminal does not reach. Only
// Linux ends a child with its parent; here the next start ends an orphan.
func childAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// inNamespace is nil: user namespaces exist on Linux only.
func inNamespace(int, int) *syscall.SysProcAttr { return nil }

// isPostmaster tells whether pid is a server on this cluster.
func isPostmaster(pid int, cluster string) bool {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), cluster)
}

// commandOf is the program a process runs and its first argument, or "".
// Further arguments may be secrets.
func commandOf(pid int) string {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return ""
	}
	words := strings.Fields(string(out))
	return strings.Join(words[:min(2, len(words))], " ")
}

// syncFiles asks the kernel to bring everything written to the disk.
func syncFiles(string) error {
	syscall.Sync()
	return nil
}
