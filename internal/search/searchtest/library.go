package searchtest

import (
	_ "embed"
	"iter"
	"strconv"
	"strings"
	"testing"

	"collateral/internal/search"
)

//go:embed library.txt
var libraryText string

// library returns the pieces of library.txt.
func library(t *testing.T) []search.Document {
	t.Helper()
	var docs []search.Document
	var d *search.Document
	for number, line := range lines(libraryText) {
		if id, ok := strings.CutPrefix(line, "== "); ok {
			docs = append(docs, search.Document{ID: id})
			d = &docs[len(docs)-1]
			continue
		}
		if d == nil {
			continue // the lines that explain the file
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("library.txt:%d: got %q, want a name, a colon and a value", number, line)
		}
		value = strings.TrimSpace(value)
		if page, ok := strings.CutPrefix(name, "page "); ok {
			d.Pages[natural(t, number, page)-1] = value
			continue
		}
		switch name {
		case "title":
			d.Title = value
		case "summary":
			d.Summary = value
		case "type":
			d.Type = value
		case "language":
			d.Language = value
		case "stages":
			d.Stages = strings.Fields(value)
		case "personas":
			d.Personas = strings.Fields(value)
		case "industries":
			d.Industries = strings.Fields(value)
		case "products":
			d.Products = strings.Fields(value)
		case "uses":
			d.Uses = natural(t, number, value)
		case "day":
			d.PublishedAt = day(natural(t, number, value))
		case "page":
			d.Pages = append(d.Pages, value)
		case "pages":
			d.Pages = make([]string, natural(t, number, value))
		case "every":
			for i := range d.Pages {
				d.Pages[i] = strings.ReplaceAll(value, "#", strconv.Itoa(i+1))
			}
		default:
			t.Fatalf("library.txt:%d: got the unknown name %q", number, name)
		}
	}
	return docs
}

// lines yields the lines of a file that are not empty, with their numbers.
func lines(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		number := 0
		for line := range strings.Lines(text) {
			number++
			if line = strings.TrimRight(line, "\n "); line != "" && !yield(number, line) {
				return
			}
		}
	}
}

func natural(t *testing.T, line int, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("line %d: got %q, want a number", line, text)
	}
	return n
}
