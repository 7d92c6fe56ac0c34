package collateral

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"
)

func TestCursorRoundTrip(t *testing.T) {
	t.Parallel()
	for _, key := range [][]string{{"a"}, {"2026-11-22 10:00:00", "b"}, {"", ""}, {"ä/€"}} {
		got, err := Paging{Cursor: Cursor("things", key...)}.After("things", len(key))
		if err != nil || !slices.Equal(got, key) {
			t.Errorf("key %q: got %q, %v", key, got, err)
		}
	}
}

func TestCursorOfFirstPage(t *testing.T) {
	t.Parallel()
	if key, err := (Paging{}).After("things", 1); key != nil || err != nil {
		t.Errorf("After: got %q, %v, want none", key, err)
	}
	if id, err := (Paging{}).AfterID("things"); id != uuid.Nil || err != nil {
		t.Errorf("AfterID: got %v, %v, want none", id, err)
	}
	if n, err := (Paging{}).AfterNumber("things", 7); n != 7 || err != nil {
		t.Errorf("AfterNumber: got %d, %v, want 7", n, err)
	}
}

func TestCursorIDAndNumber(t *testing.T) {
	t.Parallel()
	want := uuid.New()
	if id, err := (Paging{Cursor: Cursor("things", want.String())}).AfterID("things"); id != want || err != nil {
		t.Errorf("AfterID: got %v, %v, want %v", id, err, want)
	}
	if n, err := (Paging{Cursor: Cursor("things", "42")}).AfterNumber("things", 7); n != 42 || err != nil {
		t.Errorf("AfterNumber: got %d, %v, want 42", n, err)
	}
}

func TestForeignCursors(t *testing.T) {
	t.Parallel()
	cursors := map[string]string{
		"of another list":  Cursor("others", "a"),
		"of longer name":   Cursor("things2", "a"),
		"without key":      Cursor("things"),
		"too many parts":   Cursor("things", "a", "b"),
		"not base64":       "%%%",
		"padded":           Cursor("things", "a") + "=",
		"cut":              Cursor("things", "abc")[:3],
		"not UTF-8":        Cursor("things", "\xff"),
		"not a thing made": base64.RawURLEncoding.EncodeToString([]byte("x")),
		"no id, no number": Cursor("things", "one"),
	}
	for name, cursor := range cursors {
		p := Paging{Cursor: cursor}
		if name != "no id, no number" && name != "without key" {
			if _, err := p.After("things", 1); KindOf(err) != Malformed {
				t.Errorf("%s: After: got %v, want Malformed", name, err)
			}
		}
		if _, err := p.AfterID("things"); KindOf(err) != Malformed {
			t.Errorf("%s: AfterID: got %v, want Malformed", name, err)
		}
		_, err := p.AfterNumber("things", 0)
		if KindOf(err) != Malformed {
			t.Errorf("%s: AfterNumber: got %v, want Malformed", name, err)
		}
		if got := pointers(err); !slices.Equal(got, []string{"?cursor"}) {
			t.Errorf("%s: got fields %v, want ?cursor", name, got)
		}
	}
}

// Whatever somebody sends as a cursor is read back as it was made, or refused.
func FuzzPaging(f *testing.F) {
	f.Add("assets", "01936f5e-6d2a-7c41-9b1d-0c3f5a7e2b84", "YXNzZXRzAA")
	f.Add("audit", "42", "YXVkaXQAOTIyMzM3MjAzNjg1NDc3NTgwOA")
	f.Add("users", "ada@example.com", "=")
	f.Add("", "", "AA")
	f.Fuzz(func(t *testing.T, list, key, cursor string) {
		if utf8.ValidString(list) && utf8.ValidString(key) && !strings.Contains(list+key, "\x00") {
			got, err := Paging{Cursor: Cursor(list, key)}.After(list, 1)
			if err != nil || len(got) != 1 || got[0] != key {
				t.Errorf("got key %q, error %v, want %q", got, err, key)
			}
		}
		p := Paging{Cursor: cursor}
		_, one := p.AfterID(list)
		_, number := p.AfterNumber(list, 0)
		_, five := p.After(list, 5)
		for _, err := range []error{one, number, five} {
			if err != nil && KindOf(err) != Malformed {
				t.Errorf("got %v, want a refusal", err)
			}
		}
	})
}
