package browsertest_test

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel end the process when the tests end, however they do.
func dieWithParent(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
