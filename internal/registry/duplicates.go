package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
)

// Duplicate says that the piece of a row has the content of another piece, or nearly.
type Duplicate struct {
	Item     *collateral.BatchItem
	Other    *collateral.Asset
	Same     bool    // to the byte
	Likeness float64 // of the texts, from collateral.NearlySame to 1
}

// Duplicates compares the pieces of a batch with each other and with all others that the actor may see. Of several that
// are like a piece it names one with the same bytes, else the one most alike; of two rows the later one is the duplicate.
// Texts are compared that were read by now: unread is how many of the batch still wait for that.
func (r *Registry) Duplicates(ctx context.Context, actor collateral.Actor, batch uuid.UUID) (duplicates []Duplicate, unread int, err error) {
	if _, err := r.Batch(ctx, actor, batch); err != nil {
		return nil, 0, err
	}
	scope := collateral.ScopeOf(actor)
	l := newLookalikes()
	if err := r.Store.BatchContents(ctx, scope, batch, l.learn); err != nil {
		return nil, 0, err
	}
	if err := r.Store.OtherContents(ctx, scope, batch, l.compare); err != nil {
		return nil, 0, err
	}
	items, err := r.Store.AllBatchItems(ctx, batch)
	if err != nil {
		return nil, 0, err
	}
	assets := make(map[uuid.UUID]*collateral.Asset)
	for ids := range slices.Chunk(l.others(), 1000) { // what one statement takes
		others, err := r.Store.AssetsByID(ctx, scope, ids)
		if err != nil {
			return nil, 0, err
		}
		for _, a := range others {
			assets[a.ID] = a
		}
	}
	for _, i := range items {
		at, ok := l.byAsset[i.AssetID]
		if !ok {
			continue
		}
		if m := l.best[at]; assets[m.other] != nil {
			duplicates = append(duplicates, Duplicate{Item: i, Other: assets[m.other], Same: m.same, Likeness: m.likeness})
		}
	}
	return duplicates, l.unread, nil
}

// lookalikes finds what is like the pieces of a batch. It holds the batch and is shown everything else one by one.
type lookalikes struct {
	contents []store.Content
	best     []match // of each content
	byAsset  map[uuid.UUID]int
	byHash   map[string][]int // places in contents
	byBand   map[uint64][]int
	unread   int
}

func newLookalikes() *lookalikes {
	return &lookalikes{byAsset: make(map[uuid.UUID]int), byHash: make(map[string][]int), byBand: make(map[uint64][]int)}
}

type match struct {
	other    uuid.UUID // uuid.Nil for none
	same     bool
	likeness float64
}

// learn takes a content of the batch and compares it with those before.
func (l *lookalikes) learn(c store.Content) {
	at := len(l.contents)
	l.contents, l.best = append(l.contents, c), append(l.best, match{})
	l.byAsset[c.AssetID] = at
	if c.Unread {
		l.unread++
	}
	for _, earlier := range l.candidates(c) {
		l.consider(at, l.contents[earlier], c)
	}
	l.byHash[c.SHA256] = append(l.byHash[c.SHA256], at)
	for _, band := range c.Signature.Bands() {
		l.byBand[band] = append(l.byBand[band], at)
	}
}

// compare shows a content of another piece to those of the batch.
func (l *lookalikes) compare(other store.Content) {
	for _, at := range l.candidates(other) {
		l.consider(at, other, l.contents[at])
	}
}

// candidates returns the places of what may be like c, each once.
func (l *lookalikes) candidates(c store.Content) []int {
	same := l.byHash[c.SHA256]
	met := make(map[int]bool, len(same))
	out := make([]int, 0, len(same))
	add := func(places []int) {
		for _, at := range places {
			if !met[at] && !l.best[at].same {
				met[at] = true
				out = append(out, at)
			}
		}
	}
	add(same)
	for _, band := range c.Signature.Bands() {
		add(l.byBand[band])
	}
	return out
}

// consider keeps other as what the content at a place is most alike, if it is.
func (l *lookalikes) consider(at int, other, content store.Content) {
	m := match{other: other.AssetID, same: other.SHA256 == content.SHA256, likeness: 1}
	if !m.same {
		m.likeness = content.Signature.Likeness(other.Signature)
	}
	if best := &l.best[at]; m.likeness >= collateral.NearlySame && !best.same && (m.same || m.likeness > best.likeness) {
		*best = m
	}
}

func (l *lookalikes) others() []uuid.UUID {
	var ids []uuid.UUID
	for _, m := range l.best {
		if m.other != uuid.Nil {
			ids = append(ids, m.other)
		}
	}
	return ids
}

// signatureOf is by what texts are compared, word by word as the search reads them.
func signatureOf(pages []string) collateral.Signature {
	return collateral.SignatureOf(func(yield func(string) bool) {
		for _, page := range pages {
			for token := range search.Tokens(page) {
				if !yield(token.Term) {
					return
				}
			}
		}
	})
}
