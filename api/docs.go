package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
	"github.com/oasdiff/yaml"
)

//go:embed docs.html
var docsPage string

// registerDocs serves the contract, for programs as YAML and for people as a page. Both are made once.
func registerDocs(e *echo.Echo, c *contract) error {
	raw, err := GetSpecJSON()
	if err != nil {
		return fmt.Errorf("reading the embedded contract: %w", err)
	}
	text, err := yaml.JSONToYAML(raw)
	if err != nil {
		return fmt.Errorf("writing the contract as YAML: %w", err)
	}
	page, err := renderDocs(c)
	if err != nil {
		return err
	}
	e.GET("/api/openapi.yaml", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/yaml", text)
	})
	e.GET("/api/docs", func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'")
		return c.HTMLBlob(http.StatusOK, page)
	})
	return nil
}

// docsTag is one chapter of the page.
type docsTag struct {
	Name        string
	Description string
	Operations  []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary, Description, Who string
	Parameters                                  []docsField
	Body                                        []docsField
	Answers                                     []docsAnswer
}

type docsField struct {
	Name, Kind, Description string
	Required                bool
}

type docsAnswer struct{ Status, Description string }

func renderDocs(c *contract) ([]byte, error) {
	t, err := template.New("docs").Parse(docsPage)
	if err != nil {
		return nil, fmt.Errorf("parsing the page of the contract: %w", err)
	}
	var page bytes.Buffer
	err = t.Execute(&page, map[string]any{
		"Title":       c.doc.Info.Title,
		"Version":     c.doc.Info.Version,
		"Description": paragraphs(c.doc.Info.Description),
		"BasePath":    BasePath,
		"Tags":        docsTags(c),
	})
	if err != nil {
		return nil, fmt.Errorf("rendering the page of the contract: %w", err)
	}
	return page.Bytes(), nil
}

func docsTags(c *contract) []docsTag {
	tags := make([]docsTag, len(c.doc.Tags))
	for i, tag := range c.doc.Tags {
		tags[i] = docsTag{Name: tag.Name, Description: tag.Description}
		for _, o := range c.operations {
			if slices.Contains(o.route.Operation.Tags, tag.Name) {
				tags[i].Operations = append(tags[i].Operations, describe(o))
			}
		}
		slices.SortFunc(tags[i].Operations, func(a, b docsOperation) int {
			return strings.Compare(a.Path+a.Method, b.Path+b.Method)
		})
	}
	return tags
}

func describe(o *operation) docsOperation {
	op := o.route.Operation
	d := docsOperation{ID: o.id, Method: o.route.Method, Path: o.route.Path, Summary: op.Summary, Description: op.Description}
	switch {
	case o.public:
		d.Who = "anybody"
	case len(o.roles) == 0:
		d.Who = "anybody signed in"
	default:
		d.Who = either(o.roles)
	}
	for _, p := range slices.Concat(o.route.PathItem.Parameters, op.Parameters) {
		d.Parameters = append(d.Parameters, docsField{
			Name: p.Value.Name, Kind: p.Value.In + ", " + kindOf(p.Value.Schema.Value),
			Description: p.Value.Description, Required: p.Value.Required,
		})
	}
	if op.RequestBody != nil {
		for mediaType, content := range op.RequestBody.Value.Content {
			d.Body = append(d.Body, bodyFields(mediaType, content.Schema.Value)...)
		}
		slices.SortStableFunc(d.Body, func(a, b docsField) int { return strings.Compare(a.Kind, b.Kind) })
	}
	for status, answer := range op.Responses.Map() {
		if answer.Value.Description != nil && status != "default" {
			d.Answers = append(d.Answers, docsAnswer{status, *answer.Value.Description})
		}
	}
	slices.SortFunc(d.Answers, func(a, b docsAnswer) int { return strings.Compare(a.Status, b.Status) })
	return d
}

func bodyFields(mediaType string, s *openapi3.Schema) []docsField {
	fields := make([]docsField, 0, len(s.Properties))
	for name, p := range s.Properties {
		fields = append(fields, docsField{
			Name: name, Kind: mediaType + ", " + kindOf(p.Value),
			Description: p.Value.Description, Required: slices.Contains(s.Required, name),
		})
	}
	slices.SortFunc(fields, func(a, b docsField) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// kindOf writes a schema in a few words: "string, date", "list of deck, one-pager or brochure".
func kindOf(s *openapi3.Schema) string {
	switch {
	case s.Type.Is(openapi3.TypeArray):
		return "list of " + kindOf(s.Items.Value)
	case len(s.Enum) > 0:
		return oneOf(s.Enum)
	case s.Format != "":
		return s.Format
	}
	return strings.Join(s.Type.Slice(), " or ")
}

func paragraphs(text string) []string {
	return strings.Split(strings.TrimSpace(strings.NewReplacer("**", "", "`", "").Replace(text)), "\n\n")
}
