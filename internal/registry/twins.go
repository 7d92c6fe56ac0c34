package registry

import (
	"cmp"
	"context"
	"regexp"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
)

const (
	likeTitles   = 5   // told at most
	likeEnough   = 0.5 // of the words of both titles, that they share
	minTitleSeen = 3   // characters, before anything is looked for
)

// LikeTitles returns the pieces, published or of the actor's own, whose titles say nearly the same, the most alike first.
// It is for who is about to make the piece that is there already.
func (r *Registry) LikeTitles(ctx context.Context, actor collateral.Actor, title string, except uuid.UUID) ([]*collateral.Asset, error) {
	wanted := wordsOf(title)
	if len([]rune(title)) < minTitleSeen || len(wanted) == 0 {
		return nil, nil
	}
	type like struct {
		id       uuid.UUID
		likeness float64
	}
	var alike []like
	err := r.Store.EachTitle(ctx, actor.UserID, func(id uuid.UUID, other string) {
		if l := likeness(wanted, wordsOf(other)); l >= likeEnough && id != except {
			alike = append(alike, like{id, l})
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(alike, func(a, b like) int { return cmp.Compare(b.likeness, a.likeness) })
	alike = alike[:min(len(alike), likeTitles)]
	ids := make([]uuid.UUID, len(alike))
	for i, l := range alike {
		ids[i] = l.id
	}
	return r.Store.AssetsByID(ctx, collateral.ScopeOf(actor), ids)
}

// wordsOf is the words of a title by their stems, each once. There are few, so that nothing is quicker than a list.
func wordsOf(title string) []string {
	words := make([]string, 0, 16)
	for token := range search.Tokens(title) {
		if stem := search.Stem(token.Term); !slices.Contains(words, stem) {
			words = append(words, stem)
		}
	}
	return words
}

// likeness is the share of the words of both that both have.
func likeness(a, b []string) float64 {
	shared := 0
	for _, word := range a {
		if slices.Contains(b, word) {
			shared++
		}
	}
	return float64(shared) / float64(max(len(a)+len(b)-shared, 1))
}

var digestPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// SameContent returns other pieces that the actor may see of which a version has the bytes with this SHA-256 digest, in
// lower-case hexadecimal.
func (r *Registry) SameContent(ctx context.Context, actor collateral.Actor, sha256 string, except uuid.UUID) ([]*collateral.Asset, error) {
	if !digestPattern.MatchString(sha256) {
		return nil, collateral.Fault("?sha256", "This is not a SHA-256 digest: 64 digits and letters from a to f.")
	}
	return r.Store.SameBytes(ctx, collateral.ScopeOf(actor), sha256, except)
}
