package web

import (
	"context"
	"net/url"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// latelyText is usage.LatelyDays in words.
const latelyText = "90 days"

// cardView is what every list of pieces shows of one.
type cardView struct {
	Card      *collateral.Card
	Stages    []string // names, the primary one first
	Used      string
	Stale     bool // past its review date
	Favourite bool
}

func (s *site) cardView(card *collateral.Card, names stageNames, lately usage.Lately, favourite bool) cardView {
	v := cardView{
		Card: card, Used: usedText(lately), Favourite: favourite,
		Stale: card.ReviewBy != "" && card.ReviewBy < s.now().Format(time.DateOnly),
	}
	for _, tag := range card.Stages {
		v.Stages = append(v.Stages, names.Of(tag.Stage))
	}
	return v
}

// cardViews makes the cards of a list that is not a search's.
func (s *site) cardViews(ctx context.Context, cards []*collateral.Card) (map[uuid.UUID]cardView, error) {
	stages, err := s.registry.Stages(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(cards))
	for i, card := range cards {
		ids[i] = card.ID
	}
	lately, err := s.usage.Lately(ctx, ids...)
	if err != nil {
		return nil, err
	}
	names, views := namesOf(stages), make(map[uuid.UUID]cardView, len(cards))
	for _, card := range cards {
		views[card.ID] = s.cardView(card, names, lately[card.ID], false)
	}
	return views, nil
}

// pieceAddress is where a piece is shown to somebody who comes from a search, or from a list: the uses that follow name the
// search, and the way back leads to what was asked.
func pieceAddress(id uuid.UUID, searchID, back string) string {
	values := url.Values{}
	if searchID != "" && searchID != uuid.Nil.String() {
		values.Set("search", searchID)
	}
	if back != "" && back != "/" {
		values.Set("back", back)
	}
	address := url.URL{Path: "/pieces/" + id.String(), RawQuery: values.Encode()}
	return address.String()
}
