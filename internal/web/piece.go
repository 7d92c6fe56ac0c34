package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/usage"
)

func (s *site) pieceRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/pieces/:id", handler: s.piece},
		{method: http.MethodPost, path: "/pieces/:id/uses", handler: s.recordUse},
		{method: http.MethodPost, path: viewingsPath, handler: s.tellViewing},
		{method: http.MethodPost, path: "/pieces/:id/flags", handler: s.flagPiece},
		{method: http.MethodPost, path: "/pieces/:id/flags/:flag/settle", handler: s.settleFlag},
		{method: http.MethodPost, path: "/pieces/:id/favourite", handler: s.setFavourite},
		{method: http.MethodPost, path: "/pieces/:id/collections", handler: s.collectPiece},
	}
}

// pieceView is what the page of a piece shows to everybody who may see it.
type pieceView struct {
	Asset   *collateral.Asset
	Shown   *collateral.Version // the published version, or the newest that the reader may see; nil for none
	Preview preview
	Stale   bool

	Withdrawal *collateral.Reason // nil while it is published, or never was
	Withdrawer string
	Owner      string
	Roles      []stageRole
	Signed     []signedVersion

	Address string // of this page, to copy
	From    cameFrom

	Lately  string // in words
	Figures usage.PieceFigures
	Flags   flagList

	Favourite   bool
	Collections []collectionChoice
	Similar     []similarPiece
	NoSimilar   string // why there are none to show, when that is no answer

	MayMake bool // the piece's makers, and admins
	Review  int  // number of the version that waits for the reader; 0 for none

	Uses       []useForm
	Flag       flagForm
	Collecting collectForm
}

// IsPublished reports whether the piece can be used.
func (v *pieceView) IsPublished() bool { return v.Asset.Publication != nil }

// IsLink reports whether the piece is a page elsewhere.
func (v *pieceView) IsLink() bool { return v.Shown != nil && v.Shown.IsLink() }

// ForBuyers reports whether Sales signed what is published for people outside.
func (v *pieceView) ForBuyers() bool { return v.Shown != nil && v.Shown.Audience.ForBuyers() }

// cameFrom is what led to a piece: the search that its uses name, and the address to go back to.
type cameFrom struct {
	Search string // id; "" for none
	Back   string // address within the site; "" for none
}

// readCameFrom reads it from an address or a form. What is no id is no search.
func readCameFrom(values url.Values) cameFrom {
	var from cameFrom
	if id, err := uuid.Parse(values.Get("search")); err == nil {
		from.Search = id.String()
	}
	if back := values.Get("back"); back != "" {
		from.Back = localPath(back)
	}
	return from
}

// BackText names where Back leads.
func (f cameFrom) BackText() string {
	back, err := url.Parse(f.Back)
	if err != nil || back.Path != "/" {
		return "Back"
	}
	if asked := strings.TrimSpace(back.Query().Get("q")); asked != "" {
		return "Back to “" + asked + "”"
	}
	return "Back to the results"
}

// of returns the address of a piece with what led to it.
func (f cameFrom) of(id uuid.UUID) string { return pieceAddress(id, f.Search, f.Back) }

func (s *site) piece(c echo.Context) error {
	v, err := s.pieceView(c, readCameFrom(c.QueryParams()))
	if err != nil {
		return err
	}
	return s.renderPiece(c, v, http.StatusOK)
}

func (s *site) renderPiece(c echo.Context, v *pieceView, status int) error {
	return s.render(c, "piece", page{Title: v.Asset.Title, Area: areaFind, Body: v, Status: status})
}

// pieceView loads what the page of the piece in the address shows.
func (s *site) pieceView(c echo.Context, from cameFrom) (*pieceView, error) {
	id, err := idOf(c)
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	a, err := s.registry.Asset(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	v := &pieceView{
		Asset: a, From: from, Address: addressOf(c, "/pieces/"+id.String()),
		Stale:   a.ReviewBy != "" && a.ReviewBy < s.now().Format(time.DateOnly),
		MayMake: a.IsContributor(actor.UserID) || actor.Is(collateral.Admin),
		Uses:    useForms(),
	}
	if a.Newest != nil && a.Newest.State == collateral.Submitted && collateral.CanReview(actor, a, a.Newest) == nil {
		v.Review = a.Newest.N
	}
	for _, load := range []func(context.Context, collateral.Actor, *pieceView) error{
		s.showVersion, s.showRoles, s.showHistory, s.showFigures, s.showFlags, s.showShelves, s.showSimilar,
	} {
		if err := load(ctx, actor, v); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// showVersion chooses the version to show: what is published; else the newest, to those who may read it.
func (s *site) showVersion(ctx context.Context, actor collateral.Actor, v *pieceView) error {
	newest := v.Asset.Newest
	switch {
	case v.IsPublished():
		published, err := s.registry.Published(ctx, actor, v.Asset.ID)
		if err != nil {
			return err
		}
		v.Shown = published
	case newest != nil && (v.MayMake || newest.State != collateral.Draft):
		v.Shown = newest
	default:
		return nil
	}
	shown, err := s.preview(ctx, v.Shown, v.IsPublished())
	v.Preview = shown
	return err
}

// stageRole is what a piece does for the buyer at a stage.
type stageRole struct {
	Name     string
	Question string // that the buyer asks there; may be empty
	Role     string
	Primary  bool
}

func (s *site) showRoles(ctx context.Context, _ collateral.Actor, v *pieceView) error {
	stages, err := s.registry.Stages(ctx)
	if err != nil {
		return err
	}
	for _, tag := range v.Asset.Stages {
		role := stageRole{Name: words(tag.Stage), Role: tag.Role, Primary: tag.Primary}
		for _, stage := range stages {
			if stage.Key == tag.Stage {
				role.Name = stage.Name
				if len(stage.Questions) > 0 {
					role.Question = stage.Questions[0]
				}
			}
		}
		v.Roles = append(v.Roles, role)
	}
	return nil
}

// signedVersion is a version that Sales signed, with the signer's name.
type signedVersion struct {
	registry.SignedVersion

	Signer string
	Live   bool // published now
}

func (s *site) showHistory(ctx context.Context, actor collateral.Actor, v *pieceView) error {
	signed, err := s.registry.Signed(ctx, actor, v.Asset.ID)
	if err != nil {
		return err
	}
	if err := s.showWithdrawal(ctx, actor, v); err != nil {
		return err
	}
	people := []uuid.UUID{v.Asset.OwnerID}
	if v.Withdrawal != nil {
		people = append(people, v.Withdrawal.By)
	}
	for _, version := range signed {
		people = append(people, version.SignerID)
	}
	names, err := s.names(ctx, people...)
	if err != nil {
		return err
	}
	v.Owner = names[v.Asset.OwnerID]
	if v.Withdrawal != nil {
		v.Withdrawer = names[v.Withdrawal.By]
	}
	for _, version := range signed {
		v.Signed = append(v.Signed, signedVersion{
			SignedVersion: version, Signer: names[version.SignerID],
			Live: v.IsPublished() && v.Asset.Publication.VersionID == version.VersionID,
		})
	}
	return nil
}

// showWithdrawal tells why the piece is not published any more. Whoever sees the page then makes the piece or signs it, and may
// know.
func (s *site) showWithdrawal(ctx context.Context, actor collateral.Actor, v *pieceView) error {
	if v.IsPublished() || v.Asset.LastPublished == 0 {
		return nil
	}
	reasons, err := s.registry.Reasons(ctx, actor, v.Asset.ID)
	v.Withdrawal = collateral.WithdrawalOf(v.Asset, reasons)
	return err
}

func (s *site) showFigures(ctx context.Context, _ collateral.Actor, v *pieceView) error {
	if !v.IsPublished() {
		return nil
	}
	lately, err := s.usage.Lately(ctx, v.Asset.ID)
	if err != nil {
		return err
	}
	v.Lately = usedText(lately[v.Asset.ID])
	v.Figures, err = s.usage.Piece(ctx, v.Asset.ID)
	return err
}

// similarPiece is one that has much in common with the piece shown.
type similarPiece struct {
	Card    *collateral.Card
	Address string
	Why     []string
}

// fewSimilar is how many similar pieces are shown.
const fewSimilar = 5

// showSimilar leaves a sentence in place of similar pieces while the search is away: the piece itself needs none.
func (s *site) showSimilar(ctx context.Context, actor collateral.Actor, v *pieceView) error {
	if !v.IsPublished() {
		return nil
	}
	similar, err := s.registry.Similar(ctx, actor, v.Asset.ID)
	if collateral.KindOf(err) == collateral.Unavailable {
		v.NoSimilar = "The search does not answer just now, so similar pieces cannot be told."
		return nil
	}
	if err != nil {
		return err
	}
	stages, err := s.registry.Stages(ctx)
	if err != nil {
		return err
	}
	names := namesOf(stages)
	for _, p := range similar[:min(len(similar), fewSimilar)] {
		shown := similarPiece{Card: &p.Piece, Address: pieceAddress(p.Piece.ID, "", v.From.Back)}
		if len(p.Words) > 0 {
			shown.Why = append(shown.Why, strings.Join(p.Words[:min(len(p.Words), 4)], ", "))
		}
		for _, key := range p.Kin.Stages {
			shown.Why = append(shown.Why, names.Of(key))
		}
		for _, persona := range p.Personas {
			shown.Why = append(shown.Why, slugName(persona))
		}
		v.Similar = append(v.Similar, shown)
	}
	return nil
}

// addressOf returns the whole address of a page of this site, as the browser reached it.
func addressOf(c echo.Context, path string) string {
	u := url.URL{Scheme: "http", Host: c.Request().Host, Path: path}
	if isSecure(c) {
		u.Scheme = "https"
	}
	return u.String()
}
