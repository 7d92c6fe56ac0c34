package extract

import "testing"

// HostileFile returns the bytes of a hostile file by name, for tests that see the package from outside.
func HostileFile(t testing.TB, name string) []byte {
	t.Helper()
	for _, h := range hostileFiles() {
		if h.name == name {
			return h.make(t)
		}
	}
	t.Fatalf("there is no hostile file %q", name)
	return nil
}
