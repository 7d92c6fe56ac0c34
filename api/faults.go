package api

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"collateral/internal/collateral"
)

// faultsOf turns what the filter found into one fault per field: where, and a sentence that says what to do.
func faultsOf(err error) []collateral.Field {
	return faultsAt("", err)
}

func faultsAt(parameter string, err error) []collateral.Field {
	switch e := err.(type) { //nolint:errorlint // what a RequestError wraps is unwrapped below, knowing where it belongs
	case nil:
		return nil
	case openapi3.MultiError:
		var faults []collateral.Field
		for _, one := range e {
			faults = append(faults, faultsAt(parameter, one)...)
		}
		return faults
	case *openapi3filter.RequestError:
		return requestFaults(e)
	case *openapi3.SchemaError:
		if inner := (openapi3.MultiError)(nil); errors.As(e.Origin, &inner) {
			return faultsAt(parameter, inner)
		}
		pointer := schemaPointer(parameter, e)
		if name := unknownField(e); name != "" {
			return []collateral.Field{{Pointer: pointer + "/" + escape(name), Detail: "There is no such field."}}
		}
		return []collateral.Field{{Pointer: pointer, Detail: sentence(e)}}
	}
	return []collateral.Field{{Pointer: parameter, Detail: "This cannot be read."}}
}

func requestFaults(e *openapi3filter.RequestError) []collateral.Field {
	if e.Parameter == nil {
		return faultsAt("", e.Err)
	}
	pointer := parameterPointer(e.Parameter)
	if parse := (*openapi3filter.ParseError)(nil); errors.As(e.Err, &parse) {
		return []collateral.Field{{Pointer: pointer, Detail: mustBe(innermost(e.Parameter.Schema.Value))}}
	}
	if errors.Is(e.Err, openapi3filter.ErrInvalidRequired) {
		return []collateral.Field{{Pointer: pointer, Detail: "This is missing."}}
	}
	return faultsAt(pointer, e.Err)
}

// parameterPointer names a parameter as the contract's ProblemField says.
func parameterPointer(p *openapi3.Parameter) string {
	switch p.In {
	case openapi3.ParameterInQuery:
		return "?" + p.Name
	case openapi3.ParameterInPath:
		return "{" + p.Name + "}"
	}
	return p.Name
}

func schemaPointer(parameter string, e *openapi3.SchemaError) string {
	if parameter != "" {
		return parameter
	}
	var b strings.Builder
	for _, part := range e.JSONPointer() {
		b.WriteString("/" + escape(part))
	}
	return b.String()
}

// unknownField returns the name of a field that the schema does not have; the library says it in its text only.
func unknownField(e *openapi3.SchemaError) string {
	quoted, found := strings.CutPrefix(e.Reason, "property ")
	quoted, unsupported := strings.CutSuffix(quoted, " is unsupported")
	name, err := strconv.Unquote(quoted)
	if !found || !unsupported || err != nil {
		return ""
	}
	return name
}

// escape writes a name as a part of a JSON pointer (RFC 6901).
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

func innermost(s *openapi3.Schema) *openapi3.Schema {
	if s.Type.Is(openapi3.TypeArray) {
		return s.Items.Value
	}
	return s
}

// sentence says in plain words what a schema found wrong. The library's own text dumps the schema.
func sentence(e *openapi3.SchemaError) string {
	s := e.Schema
	switch e.SchemaField {
	case "required":
		return "This is missing."
	case "nullable":
		return "This must not be null."
	case "type":
		return mustBe(s)
	case "enum":
		return "Use " + oneOf(s.Enum) + "."
	case "minLength":
		if s.MinLength == 1 {
			return "This is empty."
		}
		return fmt.Sprintf("This is too short: use at least %d characters.", s.MinLength)
	case "maxLength":
		return fmt.Sprintf("This is too long: use at most %d characters.", *s.MaxLength)
	case "pattern":
		return "This does not have the right form: " + s.Description
	case "format":
		return rightFormat(s)
	case "minimum":
		return fmt.Sprintf("This is too small: use %v or more.", *s.Min)
	case "maximum":
		return fmt.Sprintf("This is too large: use %v or less.", *s.Max)
	case "minItems":
		return fmt.Sprintf("Give at least %d.", s.MinItems)
	case "maxItems":
		return fmt.Sprintf("Give at most %d.", *s.MaxItems)
	case "uniqueItems":
		return "Name each once."
	}
	return "This is not allowed here."
}

func mustBe(s *openapi3.Schema) string {
	what := "a value of another kind"
	switch {
	case s.Type.Is(openapi3.TypeString):
		what = "a text"
	case s.Type.Is(openapi3.TypeInteger):
		what = "a whole number"
	case s.Type.Is(openapi3.TypeNumber):
		what = "a number"
	case s.Type.Is(openapi3.TypeBoolean):
		what = "true or false"
	case s.Type.Is(openapi3.TypeArray):
		what = "a list"
	case s.Type.Is(openapi3.TypeObject):
		what = "an object"
	}
	return "This must be " + what + "."
}

func rightFormat(s *openapi3.Schema) string {
	switch s.Format {
	case "uuid":
		return "This is not an id. Ids are UUIDs, like 01936f5e-6d2a-7c41-9b1d-0c3f5a7e2b84."
	case "date":
		return "This is not a date. Write it like 2027-03-31."
	case "date-time":
		return "This is not a time. Write it like 2027-03-31T14:00:00Z."
	}
	return "This number is too large."
}

// oneOf writes values as "a, b or c"; there is at least one.
func oneOf[T any](values []T) string {
	last := len(values) - 1
	text := fmt.Sprint(values[last])
	if last == 0 {
		return text
	}
	return strings.Join(each(values[:last], func(v T) string { return fmt.Sprint(v) }), ", ") + " or " + text
}
