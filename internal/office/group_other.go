//go:build !linux

package office

import "os/exec"

// inGroup does nothing: the process alone is ended, and what it started ends by itself.
func inGroup(*exec.Cmd) {}

func endGroup(*exec.Cmd) {}

// withoutNetwork does nothing: only Linux has networks with nothing in them for everybody.
func withoutNetwork(*exec.Cmd) {}
