package cli

import "runtime/debug"

// garbagePercent is how much a server's heap may grow before it is collected, in percent of what is in use. A server keeps
// few MiB itself, since index and database are read from the system's cache, and a search makes about one more to throw
// away. At Go's own 100 the collector ran every few requests and took a fifth to a quarter of the processor time of a search;
// five times what is in use is still little memory.
const garbagePercent = 400

// collectSeldom sets garbagePercent, unless who runs the program has said otherwise.
func collectSeldom(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
}
