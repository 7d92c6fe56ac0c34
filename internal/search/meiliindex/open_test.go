package meiliindex_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"collateral/internal/search"
	"collateral/internal/search/meiliindex"
	"collateral/internal/search/meilitest"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	const secret = "a-key-that-nobody-may-see"
	locked, old, good := meilitest.Start(t), meilitest.Start(t), meilitest.Start(t)
	locked.Key = "another"
	old.Set(meilitest.Faults{Version: "1.49.3"})
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>hello")) }))
	defer other.Close()
	for name, c := range map[string]struct {
		cfg  meiliindex.Config
		want error
	}{
		"no address":          {meiliindex.Config{URL: "http://", Name: "a"}, meiliindex.ErrURL},
		"another scheme":      {meiliindex.Config{URL: "ftp://127.0.0.1", Name: "a"}, meiliindex.ErrURL},
		"a key in it":         {meiliindex.Config{URL: "http://u:" + secret + "@127.0.0.1:1", Name: "a"}, meiliindex.ErrURL},
		"unreadable":          {meiliindex.Config{URL: "http://[" + secret, Name: "a"}, meiliindex.ErrURL},
		"nobody there":        {meiliindex.Config{URL: "http://127.0.0.1:1", Key: secret, Name: "a"}, meiliindex.ErrURL},
		"something else":      {meiliindex.Config{URL: other.URL, Key: secret, Name: "a"}, meiliindex.ErrURL},
		"no key":              {meiliindex.Config{URL: locked.URL, Name: "a"}, meiliindex.ErrKey},
		"the wrong key":       {meiliindex.Config{URL: locked.URL, Key: secret, Name: "a"}, meiliindex.ErrKey},
		"a key with a space":  {meiliindex.Config{URL: good.URL, Key: secret + "\n", Name: "a"}, meiliindex.ErrKey},
		"an old server":       {meiliindex.Config{URL: old.URL, Key: secret, Name: "a"}, meiliindex.ErrOld},
		"a name with a slash": {meiliindex.Config{URL: good.URL, Key: secret, Name: "a/b"}, meiliindex.ErrName},
		"no name":             {meiliindex.Config{URL: good.URL, Key: secret}, meiliindex.ErrName},
	} {
		x, _, err := meiliindex.Open(t.Context(), c.cfg)
		if err == nil {
			_ = x.Close()
		}
		if !errors.Is(err, c.want) || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %v in one line without the key", name, err, c.want)
		}
	}
}

func TestOpenAgain(t *testing.T) {
	t.Parallel()
	s := meilitest.Start(t)
	s.Key = "the-key"
	cfg := meiliindex.Config{URL: s.URL + "/", Key: "the-key", Name: "pieces"}
	open := func() (*meiliindex.Index, bool) {
		t.Helper()
		x, fresh, err := meiliindex.Open(t.Context(), cfg)
		if err != nil {
			t.Fatalf("Open: %v", err)
		}
		t.Cleanup(func() { _ = x.Close() })
		return x, fresh
	}
	first, fresh := open()
	if !fresh {
		t.Error("a new index is not fresh")
	}
	if err := first.Put(t.Context(), search.Document{ID: "a", Title: "SLA"}); err != nil {
		t.Fatal(err)
	}
	if err := first.SetSynonyms(t.Context(), [][]string{{"SLA", "service level agreement"}}); err != nil {
		t.Fatal(err)
	}
	settings := s.Tasks("settingsUpdate")
	second, fresh := open()
	if fresh {
		t.Error("an index with a document is fresh")
	}
	if now := s.Tasks("settingsUpdate"); now != settings {
		t.Errorf("opening again changes settings %d times, want none, because they are the same", now-settings)
	}
	page, err := second.Query(t.Context(), search.Query{Words: "service level agreement "})
	if err != nil || page.Total != 1 || page.Hits[0].Why[0].Text != "SLA (synonym of service level agreement) in the title" {
		t.Errorf("got %+v (%v), want the synonym known to the second registry", page.Hits, err)
	}
}
