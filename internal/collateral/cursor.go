package collateral

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Paging of lists: the caller sends back the cursor that came with the page before. A cursor names the list it belongs
// to and the sort key of the last item shown, so pages neither overlap nor skip when items come and go in between.

// Paging asks for one page of a list.
type Paging struct {
	Limit  int    // items, at least 1
	Cursor string // from the page before; empty for the first
}

// Cursor makes the cursor of a list behind the item with the given key.
func Cursor(list string, key ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(list + "\x00" + strings.Join(key, "\x00")))
}

// After reads the key of n parts back from the paging's cursor; nil for the first page. A cursor of another list, or
// one that was not made here, is Malformed.
func (p Paging) After(list string, n int) ([]string, error) {
	if p.Cursor == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	parts := strings.Split(string(raw), "\x00")
	if err != nil || !utf8.Valid(raw) || parts[0] != list || len(parts) != n+1 {
		return nil, ForeignCursor()
	}
	return parts[1:], nil
}

// AfterID is After for lists whose key is one id; uuid.Nil for the first page.
func (p Paging) AfterID(list string) (uuid.UUID, error) {
	key, err := p.After(list, 1)
	if err != nil || key == nil {
		return uuid.Nil, err
	}
	id, err := uuid.Parse(key[0])
	if err != nil {
		return uuid.Nil, ForeignCursor()
	}
	return id, nil
}

// AfterNumber is After for lists whose key is one whole number; first for the first page.
func (p Paging) AfterNumber(list string, first int64) (int64, error) {
	key, err := p.After(list, 1)
	if err != nil || key == nil {
		return first, err
	}
	n, err := strconv.ParseInt(key[0], 10, 64)
	if err != nil {
		return 0, ForeignCursor()
	}
	return n, nil
}

// ForeignCursor is the refusal of a cursor that was not made for the list it is sent to.
func ForeignCursor() error {
	const detail = "This cursor does not belong to this list. Send the next_cursor of the page before, or none."
	return &Error{Kind: Malformed, Message: detail, Fields: []Field{{Pointer: "?cursor", Detail: detail}}}
}
