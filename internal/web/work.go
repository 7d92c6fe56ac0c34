package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/usage"
)

// workRoutes are the pages of who makes pieces. What a person may do with a piece, the use cases decide: somebody who is
// named a co-author works on it whatever their role.
func (s *site) workRoutes() []route {
	creators := []collateral.Role{collateral.Marketer, collateral.Rep}
	importers := []collateral.Role{collateral.Marketer, collateral.Admin}
	purgers := []collateral.Role{collateral.Admin}
	get, post := http.MethodGet, http.MethodPost
	return []route{
		{method: get, path: "/work", handler: s.work, who: makers()},
		{method: get, path: "/work/library.csv", handler: s.exportLibrary, who: importers},
		{method: get, path: "/work/like", handler: s.likePieces},
		{method: get, path: "/work/new", handler: s.newPiece, who: creators},
		{method: post, path: "/work/new", handler: s.saveNewPiece, who: creators},
		{method: get, path: "/work/batches", handler: s.batches, who: importers},
		{method: post, path: "/work/batches", handler: s.startBatch, who: importers},
		{method: get, path: "/work/batches/template.csv", handler: s.libraryTemplate, who: importers},
		{method: get, path: "/work/batches/:id", handler: s.batch, who: importers},
		{method: post, path: "/work/batches/:id/awaited", handler: s.awaitedFiles, who: importers},
		{method: post, path: "/work/batches/:id/files", handler: s.takeBatchFiles, who: importers},
		{method: post, path: "/work/batches/:id/submit", handler: s.submitBatch, who: importers},
		{method: get, path: "/work/:id", handler: s.workPiece},
		{method: get, path: "/work/:id/edit", handler: s.editPiece, who: creators},
		{method: post, path: "/work/:id/edit", handler: s.savePiece, who: creators},
		{method: post, path: "/work/:id/versions", handler: s.addVersion},
		{method: get, path: "/work/:id/versions/:n/purge", handler: s.purging, who: purgers},
		{method: post, path: "/work/:id/versions/:n/purge", handler: s.purge, who: purgers},
		{method: post, path: "/work/:id/:do", handler: s.doWithPiece},
	}
}

// standing is a group of states in which a maker thinks of pieces.
type standing struct {
	Key    string
	Name   string
	Hint   string
	States []collateral.State

	Renewed *bool // of published ones: whether a newer version is under way
}

// standings are all of them; what asks something of the maker comes first.
func standings() []standing {
	return []standing{
		{Key: "back", Name: "Sent back by Sales", Hint: "Upload a new version with what Sales asks for.", States: []collateral.State{collateral.AssetChangesRequested, collateral.AssetRejected}},
		{Key: "approved", Name: "Signed, not published", Hint: "Sales has signed. Publish, and reps find it.", States: []collateral.State{collateral.AssetApproved}},
		{Key: "renewed", Name: "Newer version under way", Hint: "Reps have the published one until the next is.", States: []collateral.State{collateral.AssetPublished}, Renewed: new(true)},
		{Key: "draft", Name: "Drafts", Hint: "Not handed to Sales yet.", States: []collateral.State{collateral.AssetDraft}},
		{Key: "waiting", Name: "Waiting for Sales", Hint: "Nothing to do for you.", States: []collateral.State{collateral.AssetInReview}},
		{Key: "published", Name: "Published", Hint: "Reps find and use these.", States: []collateral.State{collateral.AssetPublished}, Renewed: new(false)},
		{Key: "withdrawn", Name: "Withdrawn", Hint: "Reps do not find these any more.", States: []collateral.State{collateral.AssetWithdrawn}},
	}
}

// work is what the page with a person's pieces shows.
type work struct {
	Everybody bool // an admin looks at the pieces of all
	May       struct{ Everybody, Create, Import bool }
	Filters   []workFilter
	Sections  []workSection
	Total     int64
	Window    int // days of the uses
}

type workFilter struct {
	Name  string
	Count int64
	Link  string
	Here  bool
}

type workSection struct {
	standing
	Count int64
	Rows  []workRow
	More  string // address of more of them
}

const (
	rowsOfSection = 10
	rowsOfPage    = 50
)

func (s *site) work(c echo.Context) error {
	ctx := c.Request().Context()
	actor, asked := actorOf(ctx), c.QueryParam("state")
	var body work
	body.May.Everybody = actor.Is(collateral.Admin)
	body.May.Create = actor.Is(collateral.Marketer, collateral.Rep)
	body.May.Import = actor.Is(collateral.Marketer, collateral.Admin)
	body.Everybody = body.May.Everybody && (c.QueryParam("of") == "everybody" || !body.May.Create)
	filter := registry.AssetFilter{Makers: []uuid.UUID{actor.UserID}}
	if body.Everybody {
		filter.Makers = nil
	}
	counts, renewed, err := s.countWork(ctx, actor, filter)
	if err != nil {
		return err
	}
	uses, err := s.usesOf(ctx, actor)
	if err != nil {
		return err
	}
	body.Window = usage.DefaultWindow
	all := workFilter{Name: "All", Link: workAddress(body.Everybody, "", ""), Here: asked == ""}
	for _, group := range standings() {
		section := workSection{standing: group}
		for _, state := range group.States {
			section.Count += int64(counts[state])
		}
		switch {
		case group.Renewed == nil:
		case *group.Renewed:
			section.Count = renewed
		default:
			section.Count -= renewed
		}
		all.Count += section.Count
		body.Filters = append(body.Filters, workFilter{group.Name, section.Count, workAddress(body.Everybody, group.Key, ""), group.Key == asked})
		if section.Count == 0 || asked != "" && asked != group.Key {
			continue
		}
		paging := collateral.Paging{Limit: rowsOfSection}
		if asked != "" {
			paging = collateral.Paging{Limit: rowsOfPage, Cursor: c.QueryParam("cursor")}
		}
		filter.States, filter.Renewed = group.States, group.Renewed
		assets, next, err := s.registry.Assets(ctx, actor, filter, paging)
		if err != nil {
			return err
		}
		if section.Rows, err = s.workRows(ctx, assets, uses); err != nil {
			return err
		}
		if next != "" {
			if asked == "" {
				next = "" // the page of this state begins anew
			}
			section.More = workAddress(body.Everybody, group.Key, next)
		}
		body.Sections = append(body.Sections, section)
	}
	body.Total = all.Count
	body.Filters = append([]workFilter{all}, body.Filters...)
	title := "My pieces"
	if body.Everybody {
		title = "Everybody's pieces"
	}
	return s.render(c, "work", page{Title: title, Area: areaWork, Body: body})
}

// countWork counts pieces by state, and those published ones of which a newer version is under way.
func (s *site) countWork(ctx context.Context, actor collateral.Actor, filter registry.AssetFilter) (counts map[collateral.State]int, renewed int64, err error) {
	if counts, err = s.registry.CountAssets(ctx, actor, filter); err != nil {
		return nil, 0, err
	}
	filter.Renewed = new(true)
	newer, err := s.registry.CountAssets(ctx, actor, filter)
	return counts, int64(newer[collateral.AssetPublished]), err
}

func workAddress(everybody bool, state, cursor string) string {
	q := url.Values{}
	if everybody {
		q.Set("of", "everybody")
	}
	if state != "" {
		q.Set("state", state)
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if len(q) == 0 {
		return "/work"
	}
	return "/work?" + q.Encode()
}
