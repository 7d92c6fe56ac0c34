package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/oasdiff/yaml"

	"collateral/internal/collateral"
)

// parsedContract is read by all tests, which takes the race detector a second; nobody writes to it.
var parsedContract = sync.OnceValues(loadContract)

func testContract(t testing.TB) *contract {
	t.Helper()
	c, err := parsedContract()
	if err != nil {
		t.Fatalf("loading the contract: %v", err)
	}
	return c
}

func TestEmbeddedContractIsTheFile(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	fromFile, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := GetSpecJSON()
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal(fromFile, &want), json.Unmarshal(embedded, &got)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contract.gen.go was not generated from openapi.yaml as it is; run go generate ./api (-file +embedded):\n%s", diff)
	}
}

func TestContractIsValid(t *testing.T) {
	t.Parallel()
	c := testContract(t)
	if err := c.doc.Validate(t.Context()); err != nil {
		t.Errorf("openapi.yaml is not valid OpenAPI 3.0: %v", err)
	}
	for _, o := range c.operations {
		op := o.route.Operation
		if len(op.Tags) != 1 || c.doc.Tags.Get(op.Tags[0]) == nil {
			t.Errorf("%s has tags %v, want one that the contract lists", o.id, op.Tags)
		}
		for _, role := range o.roles {
			if !slices.Contains(collateral.Roles(), role) {
				t.Errorf("%s asks for the role %q, which does not exist", o.id, role)
			}
		}
		if op.Responses.Default() == nil {
			t.Errorf("%s does not say how it refuses", o.id)
		}
		checkClosedBody(t, o)
	}
}

// checkClosedBody wants unknown fields of a body refused, with every object in it.
func checkClosedBody(t *testing.T, o *operation) {
	t.Helper()
	body := o.route.Operation.RequestBody
	if body == nil || !o.takes(mediaJSON) {
		return
	}
	if !body.Value.Required {
		t.Errorf("%s has an optional body", o.id)
	}
	var walk func(at string, s *openapi3.Schema)
	walk = func(at string, s *openapi3.Schema) {
		if s.Type.Is(openapi3.TypeArray) {
			walk(at+"/0", s.Items.Value)
			return
		}
		closed := s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
		if s.Type.Is(openapi3.TypeObject) && !closed && !(o.id == "recordUsage" && at == "/events/0") {
			t.Errorf("the body of %s takes unknown fields at %q", o.id, at)
		}
		for name, p := range s.Properties {
			walk(at+"/"+name, p.Value)
		}
	}
	walk("", body.Value.Content[mediaJSON].Schema.Value)
}

// TestContractKnowsTheDomain holds the values and limits that stand in the contract equal to the domain's.
func TestContractKnowsTheDomain(t *testing.T) {
	t.Parallel()
	schemas := testContract(t).doc.Components.Schemas
	enums := map[string]any{
		"Role":         collateral.Roles(),
		"AssetType":    collateral.Types(),
		"AssetState":   collateral.States(),
		"Audience":     collateral.Audiences(),
		"Facet":        collateral.Facets(),
		"Decision":     []collateral.Decision{collateral.Approve, collateral.RequestChanges, collateral.Reject},
		"VersionState": []collateral.VersionState{collateral.Draft, collateral.Submitted, collateral.ChangesRequested, collateral.Rejected, collateral.Approved},
	}
	for name, domain := range enums {
		if got, want := fmt.Sprint(schemas[name].Value.Enum), fmt.Sprint(domain); got != want {
			t.Errorf("the contract's %s is %s, the domain's %s", name, got, want)
		}
	}
	role := schemas["StageTag"].Value.Properties["role"].Value
	if role.MinLength != collateral.MinRole || *role.MaxLength != collateral.MaxRole {
		t.Errorf("the contract bounds a role text by %d and %d, the domain by %d and %d", role.MinLength, *role.MaxLength, collateral.MinRole, collateral.MaxRole)
	}
	password := schemas["Password"].Value
	if password.MinLength != collateral.MinPassword || *password.MaxLength != collateral.MaxPassword {
		t.Errorf("the contract bounds a password by %d and %d, the domain by %d and %d", password.MinLength, *password.MaxLength, collateral.MinPassword, collateral.MaxPassword)
	}
}

// TestContractListsEveryProblem holds the list of problem types equal to what problem.go can answer.
func TestContractListsEveryProblem(t *testing.T) {
	t.Parallel()
	kinds := []problemKind{methodNotAllowed(), rangeNotSatisfiable()}
	for k := collateral.Internal; k <= collateral.Full; k++ {
		kinds = append(kinds, problemOf(k))
	}
	var want []string
	for _, k := range kinds {
		want = append(want, "urn:collateral:problem:"+k.name)
	}
	var got []string
	for _, v := range testContract(t).doc.Components.Schemas["Problem"].Value.Properties["type"].Value.Enum {
		got = append(got, fmt.Sprint(v))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problem types differ (-problem.go +contract):\n%s", diff)
	}
}
