package api

import (
	"bytes"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
)

// checked wraps the API so that every answer is held against the contract: its status, headers and body. What the
// contract does not know (an unknown address, a method not taken) must be a problem.
func checked(t testing.TB, h http.Handler) http.Handler {
	t.Helper()
	c := testContract(t)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if strings.HasPrefix(r.URL.Path, BasePath+"/") {
			checkAnswer(t, c, r, rec)
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = io.Copy(w, bytes.NewReader(rec.Body.Bytes()))
	})
}

func checkAnswer(t testing.TB, c *contract, r *http.Request, rec *httptest.ResponseRecorder) {
	t.Helper()
	at := r.Method + " " + r.URL.Path
	mediaType, _, _ := mime.ParseMediaType(rec.Header().Get("Content-Type"))
	if rec.Code >= 400 && mediaType != mediaProblem && r.Method != http.MethodHead {
		t.Errorf("%s answers %d as %q, want %s: %s", at, rec.Code, mediaType, mediaProblem, rec.Body)
	}
	if rec.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s answers without nosniff", at)
	}
	o := c.find(r.Method, r.URL.Path)
	if o == nil {
		if rec.Code != http.StatusNotFound && rec.Code != http.StatusMethodNotAllowed && r.Method != http.MethodOptions {
			t.Errorf("%s answers %d, but the contract does not know it", at, rec.Code)
		}
		return
	}
	err := openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: o.route},
		Status:                 rec.Code,
		Header:                 rec.Header(),
		Body:                   io.NopCloser(bytes.NewReader(rec.Body.Bytes())),
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true,
			ExcludeResponseBody:   mediaType != mediaJSON && mediaType != mediaProblem || r.Method == http.MethodHead,
		},
	})
	if err != nil {
		t.Errorf("%s answers %d against the contract: %v", at, rec.Code, err)
	}
}

// find returns the operation that serves a request, or nil.
func (c *contract) find(method, path string) *operation {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for _, o := range c.operations {
		if o.route.Method == method && matches(BasePath+o.route.Path, path) {
			return o
		}
	}
	return nil
}

// matches tells whether a path is one of the template, in which "{name}" stands for one segment.
func matches(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(want, got string) bool {
		return want == got || strings.HasPrefix(want, "{") && strings.HasSuffix(want, "}") && got != ""
	})
}
