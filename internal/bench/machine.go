package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// machine is where the run took place.
type machine struct {
	date      time.Time
	processor string
	threads   int
	memory    string
	kernel    string
	sync      time.Duration // of a small file, the middle of many
}

func describeMachine(folder string) (m machine, err error) {
	m = machine{
		date:      time.Now().UTC(),
		processor: field("/proc/cpuinfo", "model name"),
		threads:   runtime.NumCPU(),
		memory:    field("/proc/meminfo", "MemTotal"),
	}
	if version, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.kernel = strings.TrimSpace(string(version))
	}
	m.sync, err = syncTime(folder)
	return m, err
}

// field returns the first value of that name in a file of "name: value" lines, and "unknown" without one.
func field(path, name string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// syncTime returns how long it takes to make 4 kB more of a file durable: every commit waits at least for that.
func syncTime(folder string) (time.Duration, error) {
	f, err := os.Create(filepath.Join(folder, "sync"))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	took := make([]time.Duration, 100)
	page := make([]byte, 4096)
	for i := range took {
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		start := time.Now()
		if err := f.Sync(); err != nil {
			return 0, err
		}
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

func (m machine) markdown() string {
	return fmt.Sprintf("Date: %s. Machine: %s, %d hardware threads, memory %s, Linux %s, Go %s. Making 4 kB of a file durable takes %s there.\n",
		m.date.Format(time.DateOnly), m.processor, m.threads, m.memory, m.kernel, strings.TrimPrefix(runtime.Version(), "go"), short(m.sync))
}

// short writes a duration with three digits that count.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", float64(d)/float64(time.Microsecond))
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%.3g s", d.Seconds())
}
