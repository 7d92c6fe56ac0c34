package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

// maxAttention bounds what a page tells at once in bytes.
const maxAttention = 32 << 10

// seat is what the script of a page needs to tell for how long it was visible.
type seat struct {
	Address string // where to tell it
	Visit   string // what the times belong to
	Since   int64  // ms from its beginning until the page was made
}

func (s *site) seatOf(c echo.Context, d *sharing.Door) seat {
	return seat{Address: visitAddress(c) + "/attention", Visit: d.Visit.ID.String(), Since: max(0, s.now().Sub(d.Visit.StartedAt).Milliseconds())}
}

// toldAttention is what the script sends. Times are in ms since the visit began; pages are pairs of number and ms.
type toldAttention struct {
	Visit   string    `json:"visit"`
	Asset   uuid.UUID `json:"asset"`
	Version uuid.UUID `json:"version"`
	Beats   []struct {
		From   int64      `json:"from"`
		Until  int64      `json:"until"`
		Inputs int        `json:"inputs"`
		Pages  [][2]int64 `json:"pages"`
	} `json:"beats"`
}

// attend takes what a visitor's page that is open tells of itself.
func (s *site) attend(c echo.Context) error {
	setVisitorHeaders(c.Response().Header())
	return answerAttention(c, s.attended(c))
}

func (s *site) attended(c echo.Context) error {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxAttention))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return tooMuchAttention()
	}
	if err != nil {
		return unreadableAttention()
	}
	beats, visit, err := readAttention(body)
	if err != nil {
		return err
	}
	if beats.VisitID, err = uuid.Parse(visit); err != nil {
		return unreadableAttention()
	}
	return s.sharing.Attend(c.Request().Context(), visitorOf(c), beats)
}

// answerAttention answers what a page told. Nobody reads it, so a refusal is a line of text.
func answerAttention(c echo.Context, err error) error {
	refusal, ok := errors.AsType[*collateral.Error](err)
	switch {
	case err == nil:
		return c.NoContent(http.StatusNoContent)
	case !ok:
		return err
	case refusal.RetryAfter > 0:
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(refusal.RetryAfter))
	}
	status, _ := statusOf(refusal.Kind)
	return c.String(status, refusal.Message+"\n")
}

// readAttention reads what the script sends, and what its times belong to.
func readAttention(body []byte) (beats collateral.Beats, visit string, err error) {
	var told toldAttention
	if json.Unmarshal(body, &told) != nil {
		return collateral.Beats{}, "", unreadableAttention()
	}
	beats = collateral.Beats{AssetID: told.Asset, VersionID: told.Version, Beats: make([]collateral.Beat, len(told.Beats))}
	for i, b := range told.Beats {
		beat := collateral.Beat{From: milliseconds(b.From), Until: milliseconds(b.Until), Inputs: b.Inputs, Pages: make(map[int]time.Duration, len(b.Pages))}
		for _, p := range b.Pages {
			beat.Pages[int(p[0])] += milliseconds(p[1])
		}
		beats.Beats[i] = beat
	}
	return beats, told.Visit, nil
}

func tooMuchAttention() error {
	return collateral.Errorf(collateral.TooLarge, "The heartbeat is larger than %d kB.", maxAttention>>10)
}

func unreadableAttention() error {
	return collateral.Errorf(collateral.Malformed, "The heartbeat cannot be read.")
}

// milliseconds is a number of them, or a year, which is longer than anything here lasts, where there are more.
func milliseconds(n int64) time.Duration {
	const year = 365 * 24 * time.Hour
	return time.Duration(min(max(n, -year.Milliseconds()), year.Milliseconds())) * time.Millisecond
}
