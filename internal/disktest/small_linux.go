package disktest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// variable names, in the environment of a process of its own, the test that it is for.
const variable = "TEST_ON_SMALL_DISK"

// OnSmall runs f on a disk of the given size in bytes. Mounting one needs a namespace, which no running process can take
// for itself alone: so the test's own binary is started again, runs this one test, and what becomes of it there is
// reported here. Nothing stays mounted, however that process ends. Where the system lets nobody do that the
// test is skipped, and fails when CI is set.
func OnSmall(t *testing.T, size int64, f func(t *testing.T, disk Disk)) {
	t.Helper()
	if os.Getenv(variable) == t.Name() {
		f(t, mount(t, size))
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.count=1", "-test.run="+exactly(t.Name()))
	cmd.Env = append(os.Environ(), variable+"="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Start()
	if err != nil {
		leaveOut(t, err)
	}
	err = cmd.Wait()
	switch {
	case err != nil:
		t.Errorf("on a small disk: %v\n%s", err, &out)
	case strings.Contains(out.String(), "--- SKIP: "+t.Name()):
		t.Skip(out.String())
	default:
		t.Log(out.String())
	}
}

func leaveOut(t *testing.T, cause error) {
	t.Helper()
	const told = "this system lets nobody mount a small disk for a test: %v"
	if os.Getenv("CI") != "" {
		t.Fatalf(told, cause)
	}
	t.Skipf(told, cause)
}

// exactly is the pattern of one test or subtest.
func exactly(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

func mount(t *testing.T, size int64) Disk {
	t.Helper()
	disk := Disk{Dir: t.TempDir()}
	// What is mounted here is nobody else's business.
	err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	if err == nil {
		err = syscall.Mount("small", disk.Dir, "tmpfs", 0, fmt.Sprintf("size=%d", size))
	}
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		leaveOut(t, err)
	}
	if err != nil {
		t.Fatalf("mounting a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk.Dir, 0); err != nil {
			t.Errorf("unmounting the small disk: %v", err)
		}
	})
	return disk
}
