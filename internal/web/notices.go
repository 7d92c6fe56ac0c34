package web

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

func (s *site) noticeRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/notices", handler: s.notices},
		{method: http.MethodGet, path: "/notices/:id", handler: s.openNotice},
		{method: http.MethodPost, path: "/notices/:id/read", handler: s.readNotice},
		{method: http.MethodPost, path: "/notices/read", handler: s.readNotices},
	}
}

// noticesPage is how many notices are shown at once.
const noticesPage = 50

// told is the page of notices.
type told struct {
	Notices []registry.Notice
	Next    string // the address of the next page; "" for none
}

func (s *site) notices(c echo.Context) error {
	ctx := c.Request().Context()
	notices, next, err := s.registry.Notices(ctx, actorOf(ctx), collateral.Paging{Limit: noticesPage, Cursor: c.QueryParam("cursor")})
	if err != nil {
		return err
	}
	body := told{Notices: notices}
	if next != "" {
		body.Next = "/notices?cursor=" + next
	}
	return s.render(c, "notices", page{Title: "Notices", Body: body})
}

// openNotice leads to what a notice is about, as far as that can still be seen, and marks it as read. This is the address that a mail links to.
func (s *site) openNotice(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	notice, err := s.registry.Notice(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	if err := s.registry.ReadNotice(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	if notice.AssetID != uuid.Nil {
		_, err = s.registry.Asset(ctx, actorOf(ctx), notice.AssetID)
	}
	switch {
	case collateral.KindOf(err) == collateral.NotFound:
		return s.done(c, "/notices", "“%s” is not yours to see any more: it was withdrawn, or somebody else keeps it now.", notice.Title)
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, placeOfNotice(notice))
}

// placeOfNotice is the page where something can be done about it.
func placeOfNotice(n *registry.Notice) string {
	switch {
	case n.Kind == collateral.NoticeWaits && n.Version != nil:
		return fmt.Sprintf("/reviews/%s/%d", n.AssetID, n.Version.N)
	case n.Kind == collateral.NoticeWebhookOff:
		return "/admin/webhooks"
	case n.Kind == collateral.NoticePublished:
		return fmt.Sprintf("/pieces/%s", n.AssetID)
	case n.Kind == collateral.NoticeFlagFixed, n.Kind == collateral.NoticeFlagKept:
		return fmt.Sprintf("/pieces/%s#flags", n.AssetID)
	case n.Kind == collateral.NoticeFlagged:
		return fmt.Sprintf("/work/%s#flags", n.AssetID)
	}
	return fmt.Sprintf("/work/%s", n.AssetID)
}

func (s *site) readNotice(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.registry.ReadNotice(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/notices")
}

func (s *site) readNotices(c echo.Context) error {
	ctx := c.Request().Context()
	if err := s.registry.ReadNotices(ctx, actorOf(ctx)); err != nil {
		return err
	}
	return s.done(c, "/notices", "All your notices are marked as read.")
}
