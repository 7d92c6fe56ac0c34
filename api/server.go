package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oapi-codegen/nullable"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/privacy"
	"collateral/internal/registry"
	"collateral/internal/report"
	"collateral/internal/sharing"
	"collateral/internal/upkeep"
	"collateral/internal/usage"
)

// Deps is what the API stands on. Every field is needed but Origins.
type Deps struct {
	Access   *access.Access
	Registry *registry.Registry
	Usage    *usage.Usage
	Reports  *report.Reports
	Sharing  *sharing.Sharing
	Privacy  *privacy.Privacy
	Upkeep   *upkeep.Upkeep
	Ready    func(context.Context) error // nil when the engines answer; see ready
	Now      func() time.Time
	Front    httpd.Front
	Origins  []string // https://HOST of the systems whose pages may report uses from a browser
}

// New returns the API: the operations of the contract under BasePath, and /healthz, /readyz, /api/openapi.yaml and
// /api/docs beside it. Any other path is answered with 404. The error is a fault of the build, not of the settings.
func New(d Deps) (http.Handler, error) {
	p := plumbing{authenticate: d.Access.Authenticate, ready: d.Ready, front: d.Front, origins: d.Origins}
	return p.handler(&server{access: d.Access, registry: d.Registry, usage: d.Usage, reports: d.Reports, sharing: d.Sharing, privacy: d.Privacy, upkeep: d.Upkeep, now: d.Now})
}

// server has one method per operation of the contract: it decodes, calls one use case, and encodes the answer. A
// refusal is returned as it is.
type server struct {
	access   *access.Access
	registry *registry.Registry
	usage    *usage.Usage
	reports  *report.Reports
	sharing  *sharing.Sharing
	privacy  *privacy.Privacy
	upkeep   *upkeep.Upkeep
	now      func() time.Time
}

var _ StrictServerInterface = (*server)(nil)

func paging(limit Limit, cursor Cursor) collateral.Paging {
	return collateral.Paging{Limit: limit, Cursor: cursor}
}

// nextCursor writes a cursor as the contract does: null at the end of a list.
func nextCursor(cursor string) nullable.Nullable[NextCursor] { return orNull(cursor) }

// orNull returns v, or null when it is the zero value.
func orNull[T comparable](v T) nullable.Nullable[T] {
	var zero T
	if v == zero {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(v)
}

// deref returns what p points to, or null.
func deref[T any](p *T) nullable.Nullable[T] {
	if p == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*p)
}

// orNil points to the value; nil for null and for what is absent.
func orNil[T any](v nullable.Nullable[T]) *T {
	value, err := v.Get()
	if err != nil {
		return nil
	}
	return &value
}

// orZero returns the value, or the zero value for null and for what is absent.
func orZero[T any](v nullable.Nullable[T]) T {
	value, err := v.Get()
	if err != nil {
		var zero T
		return zero
	}
	return value
}

// each turns every item of a list into its answer. The result is never nil: a list without items is [], not null.
func each[T, A any](items []T, answer func(T) A) []A {
	answers := make([]A, len(items))
	for i, item := range items {
		answers[i] = answer(item)
	}
	return answers
}

// words turns values of one kind of string into another's: enums of the contract into the domain's and back.
func words[To, From ~string](values []From) []To {
	return each(values, func(v From) To { return To(v) })
}
