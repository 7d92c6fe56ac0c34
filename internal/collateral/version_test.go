package collateral

import (
	"slices"
	"strings"
	"testing"
)

func TestCheckFileName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want bool
	}{
		{"deck.pptx", true},
		{"Präsentation für Händler.pdf", true},
		{"製品.pdf", true},
		{".hidden", true},
		{"a..b", true},
		{strings.Repeat("ä", 255), true},
		{"", false},
		{strings.Repeat("ä", 256), false},
		{"a/b.pdf", false},
		{`a\b.pdf`, false},
		{"/etc/passwd", false},
		{`C:\deck.pptx`, false},
		{"..", false},
		{".", false},
		{"a\x00.pdf", false},
		{"a\nb.pdf", false},
		{"a\x7f.pdf", false},
		{"exe\u202efdp.pdf", false}, // shows as "exepdf.pdf" read from the right
		{"a\xff.pdf", false},
	}
	for _, tt := range tests {
		err := CheckFileName("/file", tt.name)
		if got := err == nil; got != tt.want {
			t.Errorf("%q: got allowed %v, want %v", tt.name, got, tt.want)
		}
		if err != nil && !slices.Equal(pointers(err), []string{"/file"}) {
			t.Errorf("%q: got fields %v, want /file", tt.name, pointers(err))
		}
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		url  string
		want bool
	}{
		{"https://example.com", true},
		{"http://example.com:8080/a?b=c#d", true},
		{"https://example.com/%20", true},
		{"https://[2001:db8::1]/", true},
		{"https://example.com/" + strings.Repeat("a", MaxURL-20), true},
		{"https://example.com/" + strings.Repeat("a", MaxURL-19), false},
		{"", false},
		{"example.com", false},
		{"//example.com", false},
		{"javascript:alert(1)", false},
		{"ftp://example.com", false},
		{"file:///etc/passwd", false},
		{"https://", false},
		{"https://:80/", false},
		{"https:///path", false},
		{"https://user:secret@example.com", false},
		{"https://example.com/a b", false},
		{"https://example.com/\n", false},
		{"https://example.com/\xff", false},
	}
	for _, tt := range tests {
		err := CheckURL("/url", tt.url)
		if got := err == nil; got != tt.want {
			t.Errorf("%.40q: got allowed %v, want %v", tt.url, got, tt.want)
		}
		if err != nil && !slices.Equal(pointers(err), []string{"/url"}) {
			t.Errorf("%.40q: got fields %v, want /url", tt.url, pointers(err))
		}
	}
}

func TestCheckNote(t *testing.T) {
	t.Parallel()
	tests := []struct {
		note string
		want bool
	}{
		{"", true},
		{"New prices.\r\n\tSecond line.", true},
		{strings.Repeat("ä", 2000), true},
		{strings.Repeat("ä", 2001), false},
		{"a\x00", false},
		{"a\xff", false},
	}
	for _, tt := range tests {
		if got := CheckNote("/note", tt.note) == nil; got != tt.want {
			t.Errorf("%.20q: got allowed %v, want %v", tt.note, got, tt.want)
		}
	}
}

func TestIsLink(t *testing.T) {
	t.Parallel()
	if (&Version{FileName: "deck.pptx"}).IsLink() {
		t.Error("a file is a link")
	}
	if !(&Version{URL: "https://example.com"}).IsLink() {
		t.Error("an address is no link")
	}
}
