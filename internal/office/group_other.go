//go:build !linux

package office

import "os/exec"

// inGroup does nothing: the process alone is ended, and what it started ends by itself.
func inGroup(*exec.Cmd) {}

func endGroup(*exec.Cmd) {}

// apart does nothing: only Linux has namespaces.
func apart(*exec.Cmd) {}
