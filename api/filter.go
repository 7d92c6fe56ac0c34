package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

// maxJSON bounds a JSON body in bytes: 1,000 usage events with room to spare.
const maxJSON = 2 << 20

const (
	mediaJSON      = "application/json"
	mediaMultipart = "multipart/form-data"
	mediaBytes     = "application/octet-stream"
)

// filter lets a request through when it satisfies the contract, with the contract's defaults filled in. It refuses
// with every fault at once. File uploads pass unread: their handler checks them while they stream.
func (o *operation) filter() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			faults, err := o.tidyQuery(r.URL)
			if err != nil {
				return err
			}
			streams, bodyFaults, err := o.readBody(c)
			if err != nil {
				return err
			}
			faults = append(faults, bodyFaults...)
			faults = append(faults, o.validate(c, streams)...)
			if len(faults) > 0 {
				return malformed(faults)
			}
			return next(c)
		}
	}
}

func (o *operation) validate(c echo.Context, streams bool) []collateral.Field {
	options := &openapi3filter.Options{
		MultiError:              true,
		ExcludeRequestBody:      streams || o.route.Operation.RequestBody == nil,
		KeepValidatedValue:      true,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{formats()},
	}
	err := openapi3filter.ValidateRequest(c.Request().Context(), &openapi3filter.RequestValidationInput{
		Request:    c.Request(),
		PathParams: pathParams(c),
		Route:      o.route,
		Options:    options,
	})
	return faultsOf(err)
}

func pathParams(c echo.Context) map[string]string {
	params := map[string]string{}
	for i, name := range c.ParamNames() {
		value := c.ParamValues()[i]
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		params[name] = value
	}
	return params
}

// tidyQuery removes empty parameters, which count as absent, and returns what the library does not look at: unknown
// parameters, single ones given twice, and text that no database takes.
func (o *operation) tidyQuery(u *url.URL) ([]collateral.Field, error) {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, collateral.Errorf(collateral.Malformed, "The part of the address behind the question mark cannot be read.")
	}
	var f collateral.Faults
	for name, values := range query {
		pointer := "?" + name
		repeatable, known := o.params[name]
		values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
		switch {
		case !known:
			f.Add(pointer, "There is no such parameter.")
			delete(query, name)
			continue
		case len(values) > 1 && !repeatable:
			f.Add(pointer, "This parameter can be given only once.")
		case slices.ContainsFunc(values, unstorable):
			f.Add(pointer, "This holds bytes that are not text.")
		}
		if query[name] = values; len(values) == 0 {
			delete(query, name)
		}
	}
	slices.SortFunc(f, func(a, b collateral.Field) int { return strings.Compare(a.Pointer, b.Pointer) })
	u.RawQuery = query.Encode()
	return f, nil
}

// readBody reads a JSON body, and leaves any other unread: then streams is true.
func (o *operation) readBody(c echo.Context) (streams bool, faults []collateral.Field, err error) {
	r := c.Request()
	if o.route.Operation.RequestBody == nil {
		return false, nil, nil
	}
	contentType := r.Header.Get(echo.HeaderContentType)
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil || !o.takes(mediaType) {
		return false, nil, o.unsupported(contentType)
	}
	// The generated code takes "Multipart/Form-Data" for something else.
	if plain := mime.FormatMediaType(mediaType, params); plain != "" {
		r.Header.Set(echo.HeaderContentType, plain)
	}
	switch {
	case mediaType == mediaMultipart && params["boundary"] == "":
		return false, nil, collateral.Errorf(collateral.Malformed, "The Content-Type header names no boundary, so the parts of the upload cannot be told apart.")
	case mediaType == mediaMultipart || mediaType == mediaBytes:
		return true, nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxJSON))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return false, nil, collateral.Errorf(collateral.TooLarge, "The body is larger than %d MB. Send less at once.", maxJSON>>20)
	} else if err != nil {
		return false, nil, collateral.Errorf(collateral.Malformed, "The body broke off before its end.")
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return false, nil, malformed([]collateral.Field{{Pointer: "", Detail: "The body is missing."}})
	}
	if !utf8.Valid(body) { // else the bytes at fault would be stored as replacement characters
		return false, nil, malformed([]collateral.Field{{Pointer: "", Detail: "The body is not text in UTF-8."}})
	}
	// The library reads up to the end of the first value and would let garbage behind it pass.
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return false, nil, notJSON(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	httpd.CallOf(r.Context()).Body = len(body)
	if o.id == "recordUsage" { // events are judged one by one, also on what their texts hold
		return false, nil, nil
	}
	return false, unstorableTexts(value, ""), nil
}

func (o *operation) unsupported(contentType string) error {
	var takes []string
	for mediaType := range o.route.Operation.RequestBody.Value.Content {
		takes = append(takes, mediaType)
	}
	slices.Sort(takes)
	if contentType == "" {
		contentType = "nothing"
	}
	return collateral.Errorf(collateral.Unsupported, "The Content-Type must be %s; it says %.100q.", strings.Join(takes, " or "), contentType)
}

func notJSON(err error) error {
	detail := "The body is not JSON."
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		detail = "The body is not JSON: it cannot be read from character " + strconv.FormatInt(syntax.Offset, 10) + " on."
	}
	return malformed([]collateral.Field{{Pointer: "", Detail: detail}})
}

// unstorable reports text that a database refuses: NUL and what is not UTF-8.
func unstorable(s string) bool { return strings.ContainsRune(s, 0) || !utf8.ValidString(s) }

// unstorableTexts finds such text in a JSON value at the given pointer.
func unstorableTexts(value any, pointer string) []collateral.Field {
	var faults []collateral.Field
	switch v := value.(type) {
	case string:
		if unstorable(v) {
			faults = append(faults, collateral.Field{Pointer: pointer, Detail: "This holds a NUL character."})
		}
	case []any:
		for i, item := range v {
			faults = append(faults, unstorableTexts(item, pointer+"/"+strconv.Itoa(i))...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			faults = append(faults, unstorableTexts(v[name], pointer+"/"+escape(name))...)
		}
	}
	return faults
}

// malformed is the refusal of a request that does not satisfy the contract.
func malformed(faults []collateral.Field) error {
	message := "The request does not satisfy the contract."
	if len(faults) == 1 {
		message = faults[0].Detail
	}
	return &collateral.Error{Kind: collateral.Malformed, Message: message, Fields: faults}
}
