package meiliindex

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// Config says which index of which server.
type Config struct {
	URL  string // http(s)://host:port, perhaps with the path of a proxy
	Key  string // of the server's API; empty when it asks for none
	Name string // of the index; others whose names begin with it and a hyphen belong to it
}

// The causes of an Open that fails because of what is configured. The error says the rest in a sentence, without the key.
var (
	ErrURL  = errors.New("search: the address is wrong")
	ErrKey  = errors.New("search: the key is wrong")
	ErrName = errors.New("search: the name of the index is wrong")
	ErrOld  = errors.New("search: the server is too old")
)

// The oldest version of the server that is known to read filters as they are written.
const (
	oldestMajor = 1
	oldestMinor = 50
)

// names are those that the server takes for an index, and short enough to be added to.
var names = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

// connectTime bounds the making of a connection.
const connectTime = 5 * time.Second

// Open connects to the server and makes the index when it is not there. Fresh tells that it holds nothing, or what another
// version of the program put: then the caller fills it anew.
func Open(ctx context.Context, cfg Config) (x *Index, fresh bool, err error) {
	address, err := checked(cfg)
	if err != nil {
		return nil, false, err
	}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute,
		TLSHandshakeTimeout: connectTime, ExpectContinueTimeout: time.Second,
		DialContext: (&net.Dialer{Timeout: connectTime, KeepAlive: time.Minute}).DialContext,
	}
	x = &Index{Patience: patience(), name: cfg.Name, transport: transport}
	x.client = meilisearch.New(address, meilisearch.WithAPIKey(cfg.Key), meilisearch.DisableRetries(),
		meilisearch.WithCustomClient(&http.Client{Transport: transport, CheckRedirect: noRedirect}))
	if err := x.checkServer(ctx, cfg); err != nil {
		transport.CloseIdleConnections()
		return nil, false, err
	}
	if fresh, err = x.prepare(ctx); err != nil {
		transport.CloseIdleConnections()
		if isStatus(err, http.StatusForbidden) || isStatus(err, http.StatusUnauthorized) {
			return nil, false, fmt.Errorf("%w: it may not do all that is needed with the index %s (documents, settings, indexes, tasks, search, stats and version): %w", ErrKey, cfg.Name, err)
		}
		return nil, false, fmt.Errorf("opening the index %s of the search server: %w", cfg.Name, err)
	}
	return x, fresh, nil
}

// checked returns the address without what may be too much at its end.
func checked(cfg Config) (string, error) {
	u, err := url.Parse(cfg.URL)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: it cannot be read; write it as http://HOST:PORT or https://HOST", ErrURL)
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", fmt.Errorf("%w: write it as http://HOST:PORT or https://HOST", ErrURL)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("%w: write it as http://HOST:PORT or https://HOST; the key is a setting of its own", ErrURL)
	case !names.MatchString(cfg.Name):
		return "", fmt.Errorf("%w: it is made of letters, digits, - and _, at most 200", ErrName)
	case strings.ContainsFunc(cfg.Key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", fmt.Errorf("%w: it holds a space or a sign that no key has", ErrKey)
	}
	return strings.TrimRight(cfg.URL, "/"), nil
}

// noRedirect keeps the key from being sent to where the server points.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// checkServer asks the server who it is.
func (x *Index) checkServer(ctx context.Context, cfg Config) error {
	var version *meilisearch.Version
	err := x.ask(ctx, func(ctx context.Context) (err error) {
		version, err = x.client.VersionWithContext(ctx)
		return err
	})
	switch {
	case isStatus(err, http.StatusUnauthorized) || isStatus(err, http.StatusForbidden):
		if cfg.Key == "" {
			return fmt.Errorf("%w: the search server asks for one, and none is set", ErrKey)
		}
		return fmt.Errorf("%w: the search server does not take it, or it may not ask for the version", ErrKey)
	case errors.Is(err, search.ErrUnavailable):
		return fmt.Errorf("%w: no Meilisearch answers there: %w", ErrURL, err)
	case err != nil:
		return fmt.Errorf("%w: what answers there is no Meilisearch: %w", ErrURL, err)
	case version.PkgVersion == "":
		return fmt.Errorf("%w: what answers there is no Meilisearch", ErrURL)
	case !isRecent(version.PkgVersion):
		return fmt.Errorf("%w: it is Meilisearch %.20q, and %d.%d is needed, because older ones misread filters", ErrOld, version.PkgVersion, oldestMajor, oldestMinor)
	}
	return nil
}

func isRecent(version string) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return false
	}
	minor, err := strconv.Atoi(parts[1])
	return err == nil && (major > oldestMajor || major == oldestMajor && minor >= oldestMinor)
}

// prepare makes the index and the one beside it where they are missing, and brings their settings up to date.
func (x *Index) prepare(ctx context.Context) (fresh bool, err error) {
	made, err := x.ensure(ctx, x.name)
	if err != nil {
		return false, err
	}
	if _, err := x.ensure(ctx, x.notes()); err != nil {
		return false, err
	}
	if err := x.applySettings(ctx, x.name); err != nil {
		return false, err
	}
	if err := x.loadSynonyms(ctx); err != nil {
		return false, err
	}
	layout, err := x.note(ctx, noteLayout)
	if err != nil {
		return false, err
	}
	if made || layout == "" {
		return true, x.setNote(ctx, noteLayout, layoutVersion)
	}
	if layout != layoutVersion {
		return true, nil // a Rebuild notes the version when it takes the place of what is there
	}
	return x.isEmpty(ctx)
}

func (x *Index) isEmpty(ctx context.Context) (bool, error) {
	var stats *meilisearch.StatsIndex
	err := x.call(ctx, func(ctx context.Context) (err error) {
		stats, err = x.client.Index(x.name).GetStatsWithContext(ctx, nil)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("counting documents: %w", err)
	}
	return stats.NumberOfDocuments == 0, nil
}

// ensure makes an index unless it is there. Another registry may do the same at this moment.
func (x *Index) ensure(ctx context.Context, uid string) (made bool, err error) {
	err = x.call(ctx, func(ctx context.Context) error {
		_, err := x.client.Index(uid).FetchInfoWithContext(ctx)
		return err
	})
	if err == nil || !hasFault(err, codeNotFound) {
		return false, err
	}
	return true, x.create(ctx, uid)
}

func (x *Index) create(ctx context.Context, uid string) error {
	err := x.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: fieldKey})
	})
	if err != nil && !hasFault(err, codeExists) {
		return fmt.Errorf("making the index %s: %w", uid, err)
	}
	return nil
}

func (x *Index) drop(ctx context.Context, uid string) error {
	err := x.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.DeleteIndexWithContext(ctx, uid)
	})
	if err != nil && !hasFault(err, codeNotFound) {
		return fmt.Errorf("deleting the index %s: %w", uid, err)
	}
	return nil
}
