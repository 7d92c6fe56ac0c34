package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"collateral/internal/search"
	"collateral/internal/search/bleveindex"
	"collateral/internal/search/meiliindex"
)

// searchEngine is an index that is kept open.
type searchEngine interface {
	search.Index
	io.Closer
}

// SearchServer says which index of a search server is used.
type SearchServer struct {
	URL  string // empty when the index is in a folder
	Key  string
	Name string
}

// openIndex opens the search index. Fresh tells that it holds nothing of use, so that it must be filled.
func openIndex(ctx context.Context, cfg Config) (index searchEngine, fresh bool, err error) {
	if cfg.SearchServer.URL != "" {
		x, fresh, err := meiliindex.Open(ctx, meiliindex.Config(cfg.SearchServer))
		if err != nil {
			return nil, false, searchServerFault(cfg.SearchServer, err)
		}
		return x, fresh, nil
	}
	x, fresh, err := bleveindex.Open(cfg.IndexFolder)
	if errors.Is(err, bleveindex.ErrInUse) {
		return nil, false, fmt.Errorf("another server uses the search index in %s, and only one can: stop it first, or serve another folder with --data", cfg.IndexFolder)
	}
	if err != nil {
		return nil, false, err
	}
	return x, fresh, nil
}

// configFault is a sentence for whoever configured the program; the cause stands behind it.
type configFault struct {
	sentence string
	cause    error
}

func (f *configFault) Error() string { return f.sentence }

func (f *configFault) Unwrap() error { return f.cause }

// searchServerFault names the setting that is at fault.
func searchServerFault(server SearchServer, err error) error {
	for _, s := range []struct {
		cause error
		named string
	}{
		{meiliindex.ErrURL, "SEARCH_URL is " + server.URL},
		{meiliindex.ErrOld, "SEARCH_URL is " + server.URL},
		{meiliindex.ErrKey, "SEARCH_KEY is not the right one for " + server.URL},
		{meiliindex.ErrName, "SEARCH_INDEX is " + server.Name},
	} {
		if why, ok := strings.CutPrefix(err.Error(), s.cause.Error()+": "); ok && errors.Is(err, s.cause) {
			return &configFault{sentence: s.named + ": " + why, cause: err}
		}
	}
	return fmt.Errorf("SEARCH_URL is %s: %w", server.URL, err)
}

// setSearch takes a folder, or the address of a search server.
func setSearch(c *Config, value string) error {
	scheme, _, isURL := strings.Cut(value, "://")
	if !isURL {
		c.IndexFolder = inData(c, value)
		return nil
	}
	u, err := url.Parse(value)
	switch {
	case scheme != "http" && scheme != "https":
		return fmt.Errorf("the search index is in a folder, or on a Meilisearch server at http://HOST:PORT, not %s://", scheme)
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return errors.New("write the address of Meilisearch as http://HOST:PORT or https://HOST")
	case u.User != nil:
		return errors.New("write the address of Meilisearch as http://HOST:PORT or https://HOST, and its key into $SEARCH_KEY")
	}
	c.SearchServer.URL = value
	return nil
}

func setSearchKey(c *Config, value string) error {
	value = keyOf(value)
	if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("it holds a space or a sign that no key has")
	}
	c.SearchServer.Key = value
	return nil
}

func setSearchIndex(c *Config, value string) error {
	c.SearchServer.Name = value
	return nil
}
