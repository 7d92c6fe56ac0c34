package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

// viewingsPath is where pages of people with an account tell for how long they showed a piece.
const viewingsPath = "/viewings"

// viewingSeat is what the script of a page needs to tell for how long the reader looks at a version; nil where nothing of it is
// to be seen. It writes nothing: a page that nobody looks at leaves no trace.
func (s *site) viewingSeat(ctx context.Context, v *collateral.Version) *seat {
	if v.IsLink() || v.Purged {
		return nil
	}
	made := s.now().UnixMilli()
	return &seat{Address: viewingsPath, Visit: strconv.FormatInt(made, 10) + "." + viewingSeal(ctx, v.AssetID, v.ID, made)}
}

// viewingSeal proves that a page of the reader's session showed a version, and when it was made. Who has it cannot make another
// one: nobody tells of a time before the page was there, nor of a piece that was not shown.
func viewingSeal(ctx context.Context, asset, version uuid.UUID, made int64) string {
	mac := hmac.New(sha256.New, []byte(httpd.CallOf(ctx).Token))
	mac.Write(fmt.Appendf(nil, "viewing %s %s %d", asset, version, made))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// tellViewing takes what a page that is open tells of itself.
func (s *site) tellViewing(c echo.Context) error { return answerAttention(c, s.viewed(c)) }

func (s *site) viewed(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	body := form.Get("told")
	if len(body) > maxAttention {
		return tooMuchAttention()
	}
	beats, visit, err := readAttention([]byte(body))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	said, seal, _ := strings.Cut(visit, ".")
	made, err := strconv.ParseInt(said, 10, 64)
	if err != nil || !hmac.Equal([]byte(seal), []byte(viewingSeal(ctx, beats.AssetID, beats.VersionID, made))) {
		return collateral.Errorf(collateral.Forbidden, "No page of your session shows this. Open the page again.")
	}
	return s.usage.Viewed(ctx, actorOf(ctx), time.UnixMilli(made).UTC(), beats)
}
