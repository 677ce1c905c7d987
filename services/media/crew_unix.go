//go:build unix

package media

import (
	"os/exec"
	"syscall"
)

// ownGroup puts a process into a group of its own, with all its threads.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// stepBack lets everything else on the machine run before a process. It works as well without.
func stepBack(cmd *exec.Cmd) {
	const niceness = 10
	_ = syscall.Setpriority(syscall.PRIO_PGRP, cmd.Process.Pid, niceness)
}
