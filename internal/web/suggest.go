package web

import (
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/search"
)

// suggestion is what a script shows under the box while somebody types, and where it leads.
type suggestion struct {
	Kind    string `json:"kind"` // for people: "Piece", "Stage", "Type", ..., "Search"
	Text    string `json:"text"`
	Address string `json:"address"`
}

// suggest answers scripts. Nothing of what it shows is logged.
func (s *site) suggest(c echo.Context) error {
	ctx := c.Request().Context()
	typed := c.QueryParam("q")
	if !utf8.ValidString(typed) || utf8.RuneCountInString(typed) > maxWords {
		return collateral.Errorf(collateral.Malformed, "That is too much to search for: use at most %d characters.", maxWords)
	}
	found, err := s.registry.Suggest(ctx, actorOf(ctx), typed)
	if err != nil {
		return err
	}
	items := make([]suggestion, len(found))
	for i, f := range found {
		items[i] = suggestionOf(f)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.JSON(http.StatusOK, map[string]any{"items": items})
}

func suggestionOf(f registry.Suggestion) suggestion {
	values := url.Values{}
	switch f.Kind {
	case registry.SuggestTitle:
		return suggestion{Kind: "Piece", Text: f.Text, Address: "/pieces/" + f.Asset.String()}
	case registry.SuggestTag:
		text := f.Text
		if f.Facet != search.FacetStage {
			text = valueName(f.Facet, f.Value, nil)
		}
		values.Set(string(f.Facet), f.Value)
		return suggestion{Kind: facetName(f.Facet), Text: text, Address: "/?" + values.Encode()}
	case registry.SuggestQuery:
	}
	values.Set("q", f.Text)
	return suggestion{Kind: "Search", Text: f.Text, Address: "/?" + values.Encode()}
}
