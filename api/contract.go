package api

import (
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"

	"collateral/internal/collateral"
)

// BasePath is where the operations of the contract are served.
const BasePath = "/api/v1"

// operation is what the server needs to know of one operation of the contract.
type operation struct {
	id     string
	public bool              // anybody may call it, signed in or not
	report bool              // tokens that only report uses are taken too
	roles  []collateral.Role // of which the caller needs one; empty when every signed-in person may call it
	params map[string]bool   // names of its query parameters; true when it may be repeated
	route  *routers.Route    // what the filter needs, without security
}

// contract is the parsed openapi.yaml.
type contract struct {
	doc        *openapi3.T
	operations []*operation
}

func loadContract() (*contract, error) {
	doc, err := GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded contract: %w", err)
	}
	c := &contract{doc: doc}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			c.operations = append(c.operations, newOperation(doc, path, method, item, op))
		}
	}
	return c, nil
}

func newOperation(doc *openapi3.T, path, method string, item *openapi3.PathItem, op *openapi3.Operation) *operation {
	o := &operation{id: op.OperationID, params: map[string]bool{}}
	security := doc.Security
	if op.Security != nil {
		security = *op.Security
	}
	o.public = len(security) == 0
	for _, alternative := range security {
		if _, taken := alternative["reportToken"]; taken {
			o.report = true
		}
		for _, role := range alternative["bearerAuth"] {
			o.roles = append(o.roles, collateral.Role(role))
		}
	}
	for _, p := range slices.Concat(item.Parameters, op.Parameters) {
		if p.Value.In == openapi3.ParameterInQuery {
			o.params[p.Value.Name] = p.Value.Schema.Value.Type.Is(openapi3.TypeArray)
		}
	}
	// The filter's own security check reads the whole body into memory before anybody is authenticated; it gets a
	// copy that asks for none. Here callers are authenticated before the filter.
	open := *op
	open.Security = &openapi3.SecurityRequirements{}
	o.route = &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: &open}
	return o
}

// takes reports whether the operation has a request body of the media type.
func (o *operation) takes(mediaType string) bool {
	body := o.route.Operation.RequestBody
	return body != nil && body.Value.Content[mediaType] != nil
}
