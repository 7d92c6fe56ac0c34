package web

import (
	"context"
	"fmt"
	"html/template"
	"strings"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/sharing"
	"collateral/internal/web/chart"
)

// attention is how people looked at a piece, as pages show it.
type attention struct {
	sharing.Attention

	ID string // begins the ids of its pictures; apart for each piece on a page
}

// attentionOf is how buyers looked at a piece, for those who make it; nil for others, and when none did.
func (s *site) attentionOf(ctx context.Context, actor collateral.Actor, a *collateral.Asset) (*attention, error) {
	if !seesAttention(actor, a) {
		return nil, nil //nolint:nilnil // there is nothing to show, and no fault
	}
	looked, err := s.sharing.PieceAttention(ctx, actor, a.ID)
	if err != nil || looked.Visits == 0 {
		return nil, err
	}
	return &attention{looked, "looked"}, nil
}

// viewingsOf is how the field looked at a piece on its own page, for those who make it; nil for others, and when it was few.
func (s *site) viewingsOf(ctx context.Context, actor collateral.Actor, a *collateral.Asset) (*attention, error) {
	if !seesAttention(actor, a) {
		return nil, nil //nolint:nilnil // there is nothing to show, and no fault
	}
	viewed, err := s.usage.Viewings(ctx, actor, a.ID)
	if err != nil || viewed == nil {
		return nil, err
	}
	shown := &attention{sharing.Attention{Visits: viewed.Viewings, Median: viewed.Median, Trimmed: viewed.Trimmed, Of: viewed.Of}, "viewed"}
	for _, p := range viewed.Pages {
		shown.Pages = append(shown.Pages, sharing.LookedPage{N: p.N, Visible: p.Visible, Persons: p.People})
	}
	return shown, nil
}

func seesAttention(actor collateral.Actor, a *collateral.Asset) bool {
	return a.IsContributor(actor.UserID) || actor.Is(collateral.Admin)
}

// Bar draws for how long a page was visible, beside the page that was so the longest.
func (a attention) Bar(p sharing.LookedPage) template.HTML {
	most := time.Duration(1)
	for _, page := range a.Pages {
		most = max(most, page.Visible)
	}
	share := float64(p.Visible) / float64(most)
	return chart.Bars{ID: fmt.Sprintf("%s-%d", a.ID, p.N), Title: fmt.Sprintf("Page %d: visible for %s", p.N, spentWords(p.Visible)), Shares: []*float64{&share}}.SVG()
}

// spentWords says for how long somebody looked.
func spentWords(d time.Duration) string {
	if d < time.Second {
		return "under 1 s"
	}
	switch d = d.Round(time.Second); {
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	case d >= time.Minute:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}

// machineWords says which machines came, and how often: "security product 3 times".
func machineWords(reasons []sharing.Reason) string {
	var said []string
	for _, r := range reasons {
		if r.Machine {
			said = append(said, strings.TrimSuffix(machines.Why(r.Why).Sentence(), ".")+" ("+plural(r.Visits, "visit", "visits")+")")
		}
	}
	return strings.Join(said, "; ")
}
