package web

import (
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/privacy"
)

func (s *site) privacyRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/privacy", handler: s.privacyPage},
		{method: http.MethodGet, path: "/account/data", handler: s.myData},
		{method: http.MethodGet, path: "/account/forget", handler: s.askToBeForgotten},
		{method: http.MethodPost, path: "/account/forget", handler: s.forgetMe},
		{method: http.MethodGet, path: visitsPath + ":token/privacy", handler: s.visitorPrivacy, public: true},
	}
}

// privacyTerms is what the pages say of this registry.
type privacyTerms struct{ privacy.Terms }

// By names who runs the registry.
func (t privacyTerms) By() string {
	if t.Company == "" {
		return "Your company"
	}
	return t.Company
}

// ContactLink is where the contact leads; empty when it is neither an e-mail address nor the address of a page.
func (t privacyTerms) ContactLink() string {
	switch {
	case collateral.IsEmail(t.Contact):
		return "mailto:" + t.Contact
	case strings.HasPrefix(t.Contact, "https://"), strings.HasPrefix(t.Contact, "http://"):
		return t.Contact
	}
	return ""
}

func (s *site) terms() privacyTerms { return privacyTerms{s.privacy.Terms()} }

// privacyPage says what is recorded of people with an account.
func (s *site) privacyPage(c echo.Context) error {
	return s.render(c, "privacy", page{Title: "What is recorded", Body: s.terms()})
}

// visitorPrivacy says it to a buyer. It looks up no link and begins no visit: it is the same behind every address.
func (s *site) visitorPrivacy(c echo.Context) error {
	return s.renderVisitor(c, visitorPages+"privacy", page{Title: "What this page records", Body: visitorTerms{s.terms(), visitAddress(c)}})
}

// visitorTerms is privacyTerms with the way back to the link.
type visitorTerms struct {
	privacyTerms

	Link string
}

// VisitorPrivacy is the address of the page that tells a buyer what is recorded; empty on pages that are not for buyers.
func (p page) VisitorPrivacy() string {
	token, _, _ := strings.Cut(strings.TrimPrefix(p.Here, visitsPath), "/")
	token, _, _ = strings.Cut(token, "?")
	if token == "" {
		return ""
	}
	return visitsPath + token + "/privacy"
}

// myData sends everything that is kept of the reader.
func (s *site) myData(c echo.Context) error {
	ctx := c.Request().Context()
	return httpd.ServeMade(c.Response(), echo.MIMEApplicationJSON, privacy.FileName, func(to io.Writer) error {
		return s.privacy.WriteMine(ctx, actorOf(ctx), to)
	})
}

func (s *site) askToBeForgotten(c echo.Context) error {
	return s.render(c, "account-forget", page{Title: "Forget who I was", Body: s.terms()})
}

func (s *site) forgetMe(c echo.Context) error {
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	if err := s.privacy.ForgetUses(ctx, &actor, actor.UserID); err != nil {
		return err
	}
	return s.done(c, "/account", "Your uses and searches so far forget who you were; with many of them it takes a minute.")
}
