package main

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// portHolder says which process listens on the address, as far as this system tells; "" when it does not.
func portHolder(addr string) string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return ""
	}
	socket := ""
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		content, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(content)) {
			// "sl local_address rem_address st … inode": 0A is a listener.
			f := strings.Fields(line)
			if len(f) > 9 && f[3] == "0A" && strings.HasSuffix(f[1], ":"+strings.ToUpper(leftPad(strconv.FormatUint(number, 16)))) {
				socket = "socket:[" + f[9] + "]"
			}
		}
	}
	if socket == "" {
		return ""
	}
	links, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return ""
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == socket {
			pid := strings.Split(link, "/")[2]
			command, err := os.ReadFile("/proc/" + pid + "/comm")
			if err != nil {
				return "process " + pid
			}
			return "process " + pid + " (" + strings.TrimSpace(string(command)) + ")"
		}
	}
	return ""
}

func leftPad(hex string) string { return strings.Repeat("0", max(0, 4-len(hex))) + hex }
