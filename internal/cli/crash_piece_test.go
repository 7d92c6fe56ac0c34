package cli_test

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// piece is an asset as its maker knows it. One maker works on it, one request after the other, so that after a kill it
// is either as acknowledged, or as the one request would have made it that was not answered.
type piece struct {
	maker *maker
	id    string
	is    standing
	maybe *standing // with the effect of the request that was not answered; nil when all were

	words     map[string]string // by digest, the word that stands in this text and nowhere else; bytes have none
	titles    []string          // every word that was ever put into the title
	submitted bool              // perhaps; then it can no longer be deleted
	touched   bool              // since it was last checked
}

// standing is what the server tells of an asset.
type standing struct {
	Deleted   bool
	Title     string // the word of it
	Versions  []edition
	Published int // number of the version, 0 when it is not
}

// edition is one version.
type edition struct {
	SHA256 string
	State  string
}

func (s standing) newest() edition {
	if len(s.Versions) == 0 {
		return edition{}
	}
	return s.Versions[len(s.Versions)-1]
}

// approved is the number of the newest version that Sales signed, or 0.
func (s standing) approved() int {
	for n := len(s.Versions); n > 0; n-- {
		if s.Versions[n-1].State == "approved" {
			return n
		}
	}
	return 0
}

// inState returns the standing with its newest version in another state.
func (s standing) inState(state string) standing {
	s.Versions = slices.Clone(s.Versions)
	s.Versions[len(s.Versions)-1].State = state
	return s
}

// settle takes what the server tells after a restart for what is, if that can be.
func (p *piece) settle(got standing) (fault string) {
	diff := cmp.Diff(p.is, got, cmpopts.EquateEmpty())
	if p.maybe != nil && cmp.Equal(*p.maybe, got, cmpopts.EquateEmpty()) {
		diff = ""
	}
	p.is, p.maybe = got, nil
	return diff
}

// found returns the words by which the piece must be found, and those by which it must not.
func (p *piece) found() (by, notBy []string) {
	if p.is.Deleted || p.is.Published == 0 {
		return nil, append(slices.Collect(maps.Values(p.words)), p.titles...)
	}
	published := p.is.Versions[p.is.Published-1].SHA256
	for digest, word := range p.words {
		if digest == published {
			by = append(by, word)
		} else {
			notBy = append(notBy, word)
		}
	}
	for _, word := range p.titles {
		if word == p.is.Title {
			by = append(by, word)
		} else {
			notBy = append(notBy, word)
		}
	}
	return by, notBy
}

// shelf is what reps know to be published, and a time at which it was: uses are dated then, so that none is refused
// because the piece is being withdrawn.
type shelf struct {
	mu    sync.Mutex
	since map[*piece]time.Time
	order []*piece // so that a random choice does not depend on the order of a map
}

func (s *shelf) put(p *piece) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since == nil {
		s.since = make(map[*piece]time.Time)
	}
	if _, known := s.since[p]; !known {
		s.order = append(s.order, p)
	}
	s.since[p] = time.Now().UTC()
}

func (s *shelf) take(p *piece) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.since, p)
	s.order = slices.DeleteFunc(s.order, func(other *piece) bool { return other == p })
}

// pick returns a piece for each choice, with its time; none when nothing is published.
func (s *shelf) pick(choose func(n int) int, n int) (pieces []*piece, since []time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.order) == 0 {
		return nil, nil
	}
	for range n {
		p := s.order[choose(len(s.order))]
		pieces, since = append(pieces, p), append(since, s.since[p])
	}
	return pieces, since
}
