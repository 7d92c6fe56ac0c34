package meiliindex_test

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
	"collateral/internal/search/meiliindex"
	"collateral/internal/search/meilitest"
	"collateral/internal/search/searchtest"
)

func TestIndex(t *testing.T) {
	t.Parallel()
	server := serverFor(t)
	searchtest.Run(t, func(t *testing.T) search.Index {
		t.Helper()
		x, fresh := server.open(t)
		if !fresh {
			t.Fatal("a new index is not fresh")
		}
		return x
	})
}

// server is a server that tests make indexes on: the one that the environment names, or a stand-in.
type server struct {
	url, key string
	made     atomic.Int64
}

func serverFor(t testing.TB) *server {
	t.Helper()
	s := &server{}
	s.url, s.key = meilitest.Any(t)
	return s
}

// open opens an index under a name that nobody has, which is removed with the test.
func (s *server) open(t testing.TB) (x *meiliindex.Index, fresh bool) {
	t.Helper()
	name := fmt.Sprintf("test-%d-%d", os.Getpid(), s.made.Add(1))
	x, fresh, err := meiliindex.Open(t.Context(), meiliindex.Config{URL: s.url, Key: s.key, Name: name})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		s.remove(t, name)
	})
	return x, fresh
}

// remove deletes an index and those that belong to it: a real server goes on after the test.
func (s *server) remove(t testing.TB, name string) {
	t.Helper()
	client := meilisearch.New(s.url, meilisearch.WithAPIKey(s.key))
	for _, uid := range []string{name, name + "-notes"} {
		if _, err := client.DeleteIndex(uid); err != nil {
			t.Errorf("deleting index %s: %v", uid, err)
		}
	}
}
