package web

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// workPiece is what the page shows on which a piece's makers see where it stands.
type workPiece struct {
	Piece     *collateral.Asset
	Steps     []step
	Missing   []collateral.Field
	Stages    stageNames
	Versions  []versionRow
	More      string // address of older versions
	Owner     string
	Coauthors []person
	History   *history // nil before the first publication
	Likes     []*collateral.Asset
	Flags     flagList
	Links     []linkRow  // for buyers, the newest
	Attention *attention // of buyers; nil when none looked
	Viewings  *attention // of the field; nil when fewer than collateral.MinPeople looked
	May       workRights
	Fault     *collateral.Error
	Wrong     map[string]string
	Typed     map[string]string // of the form that was refused
	MaxUpload int64
}

// workRights say which forms make sense now; the use cases decide again.
type workRights struct {
	Edit, Upload, Submit, TakeBack, Publish, Withdraw, Delete, Own, Hand, Purge bool
}

type person struct {
	ID   uuid.UUID
	Name string
}

type versionRow struct {
	*collateral.Version
	By       string
	Review   *collateral.Review
	Reviewer string
	Out      bool // published now

	PurgedBecause string // "" while its bytes are there
	PurgedBy      string
}

// MayPurge reports whether its bytes can be deleted for good, by an admin.
func (v versionRow) MayPurge() bool { return !v.Out && !v.Purged }

// because tells of a version why its bytes are gone.
func (v *versionRow) because(reasons []collateral.Reason, names map[uuid.UUID]string) {
	for _, r := range reasons {
		if r.Action == collateral.PurgeReason && r.VersionID == v.ID {
			v.PurgedBecause, v.PurgedBy = r.Text, names[r.By]
		}
	}
}

func (s *site) workPiece(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	a, err := s.registry.Asset(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	if !a.IsContributor(actorOf(ctx).UserID) && !actorOf(ctx).Is(collateral.Admin) {
		return c.Redirect(http.StatusSeeOther, "/pieces/"+id.String())
	}
	return s.showWorkPiece(c, http.StatusOK, a, workPiece{})
}

const versionsOfPage = 20

func (s *site) showWorkPiece(c echo.Context, status int, a *collateral.Asset, body workPiece) error {
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	body.Piece, body.MaxUpload = a, s.registry.MaxUpload
	if pending := a.Publication == nil || a.Pending() > 0; pending {
		body.Missing = registry.Missing(a)
	}
	body.May = rightsOn(actor, a, len(body.Missing) == 0)
	versions, next, err := s.registry.Versions(ctx, actor, a.ID, collateral.Paging{Limit: versionsOfPage, Cursor: c.QueryParam("cursor")})
	if err != nil {
		return err
	}
	if next != "" {
		body.More = "/work/" + a.ID.String() + "?cursor=" + next
	}
	if body.Stages, err = s.stageNames(ctx); err != nil {
		return err
	}
	if err := s.fillPeople(ctx, &body, versions); err != nil {
		return err
	}
	if a.LastPublished > 0 {
		if body.Attention, err = s.attentionOf(ctx, actor, a); err != nil {
			return err
		}
		if body.Viewings, err = s.viewingsOf(ctx, actor, a); err != nil {
			return err
		}
		if body.Links, err = s.linksOf(c, a.ID); err != nil {
			return err
		}
		h, err := s.usage.History(ctx, actor, a.ID)
		if err != nil {
			return err
		}
		body.History = newHistory(h)
	}
	refusal := body.Flags.Refusal
	if body.Flags, err = s.flags(ctx, actor, a, "/work/"+a.ID.String()); err != nil {
		return err
	}
	body.Flags.Refusal = refusal
	if a.LastPublished == 0 {
		if body.Likes, err = s.registry.LikeTitles(ctx, actor, a.Title, a.ID); err != nil {
			return err
		}
	}
	return s.render(c, "workpiece", page{Title: a.Title, Area: areaWork, Status: status, Body: body})
}

func rightsOn(actor collateral.Actor, a *collateral.Asset, complete bool) workRights {
	owns, admin := a.OwnerID == actor.UserID, actor.Is(collateral.Admin)
	edits := a.IsContributor(actor.UserID)
	var state collateral.VersionState
	if a.Newest != nil {
		state = a.Newest.State
	}
	return workRights{
		Edit: edits && actor.Is(collateral.Marketer, collateral.Rep), Upload: edits, Own: owns, Hand: owns || admin, Purge: admin,
		Submit:   edits && complete && state == collateral.Draft,
		TakeBack: edits && state == collateral.Submitted,
		Publish:  (owns || admin) && (state == collateral.Approved && (a.Publication == nil || a.Pending() > 0) || a.State() == collateral.AssetWithdrawn),
		Withdraw: (owns || admin) && a.Publication != nil,
		Delete:   owns && a.SubmittedAt == nil,
	}
}

// fillPeople loads what people decided, and everybody's names.
func (s *site) fillPeople(ctx context.Context, body *workPiece, versions []*collateral.Version) error {
	a := body.Piece
	shown := versions
	if a.Newest != nil {
		shown = append([]*collateral.Version{a.Newest}, versions...)
	}
	reviews, err := s.registry.ReviewsOf(ctx, shown)
	if err != nil {
		return err
	}
	reasons, err := s.registry.Reasons(ctx, actorOf(ctx), a.ID)
	if err != nil {
		return err
	}
	people := append([]uuid.UUID{a.OwnerID}, a.Coauthors...)
	for _, r := range reasons {
		people = append(people, r.By)
	}
	var signers []uuid.UUID
	if a.Newest != nil && a.Newest.State == collateral.Submitted {
		able, err := s.registry.SignersOf(ctx, []*collateral.Version{a.Newest})
		if err != nil {
			return err
		}
		signers = able[a.Newest.ID]
		people = append(people, signers...)
	}
	for _, v := range shown {
		people = append(people, v.UploadedBy)
		if r := reviews[v.ID]; r != nil {
			people = append(people, r.ReviewerID)
		}
	}
	if a.Publication != nil {
		people = append(people, a.Publication.PublishedBy)
	}
	names, err := s.names(ctx, people...)
	if err != nil {
		return err
	}
	body.Owner = names[a.OwnerID]
	for _, id := range a.Coauthors {
		body.Coauthors = append(body.Coauthors, person{id, names[id]})
	}
	for _, v := range versions {
		row := versionRow{Version: v, By: names[v.UploadedBy], Review: reviews[v.ID], Out: a.Publication != nil && a.Publication.VersionID == v.ID}
		if row.Review != nil {
			row.Reviewer = names[row.Review.ReviewerID]
		}
		row.because(reasons, names)
		body.Versions = append(body.Versions, row)
	}
	var review *collateral.Review
	if a.Newest != nil {
		review = reviews[a.Newest.ID]
	}
	body.Steps = stepsOf(a, review, collateral.WithdrawalOf(a, reasons), names, signers)
	return nil
}
