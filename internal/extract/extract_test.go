package extract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"collateral/internal/demo/files"
)

func sampleInfo() files.Info {
	return files.Info{Title: "Cold chains & <ports>", Subtitle: "Before the first container leaves", Author: "R. Fjord", Footer: "for partners"}
}

func sampleDocument() files.Document {
	return files.Document{Info: sampleInfo(), Sections: []files.Section{
		{
			Heading:    "Questions of the buyer",
			Paragraphs: []string{"A container that waits on a quay loses a degree an hour. The figure sounds small; over a weekend it is the whole shipment.", "Naïve estimates ignore café pallets."},
			Bullets:    []string{"Who watches the thermometer?", "Which plug fits?"},
		},
		{Heading: "Proof by numbers", Table: files.Table{{"Port", "Delay"}, {"Northhaven", "2 days"}, {"Quietwater", "6 hours"}}},
		{Paragraphs: []string{"A page without a heading: albatross."}},
	}}
}

func sampleDocumentPages() [][]string {
	return [][]string{
		{"Cold chains & <ports>", "Before the first container leaves", "Questions of the buyer", "waits on a quay", "Naïve estimates ignore café pallets.", "Who watches the thermometer?", "Which plug fits?"},
		{"Proof by numbers", "Port", "Delay", "Northhaven", "2 days", "Quietwater", "6 hours"},
		{"A page without a heading: albatross."},
	}
}

func sampleDeck() files.Deck {
	return files.Deck{Info: sampleInfo(), Slides: []files.Slide{
		{Title: "Why now", Bullets: []string{"Tariffs change in April", "Drivers are scarce"}, Notes: "Pause here.\nAsk about the turnstile."},
		{Title: "Proof", Bullets: []string{"Over twelve months"}, Table: files.Table{{"Port", "Delay"}, {"Northhaven", "2 days"}, {"Quietwater"}}},
		{Title: "Nothing but a title"},
	}}
}

func sampleDeckPages() [][]string {
	return [][]string{
		{"Cold chains & <ports>\nBefore the first container leaves"},
		{"Why now\nTariffs change in April\nDrivers are scarce\nPause here.\nAsk about the turnstile."},
		{"Proof\nOver twelve months\nPort Delay\nNorthhaven 2 days\nQuietwater"},
		{"Nothing but a title"},
	}
}

func TestExtractReadsWhatWritersWrite(t *testing.T) {
	t.Parallel()
	onePage := sampleDocumentPages()
	for _, page := range onePage[1:] {
		onePage[0] = append(onePage[0], page...)
	}
	for _, test := range []struct {
		name      string
		mediaType string
		doc       []byte
		want      [][]string
		engine    string
	}{
		{"docx", typeDOCX, write(t, files.DOCX, sampleDocument()), sampleDocumentPages(), "ooxml"},
		{"html", "text/html; charset=utf-8", write(t, files.HTML, sampleDocument()), onePage[:1], "html"},
		{"pptx", typePPTX, write(t, files.PPTX, sampleDeck()), sampleDeckPages(), "ooxml"},
		{"plain text", "text/plain", []byte("First page.\n\fSecond  page."), [][]string{{"First page."}, {"Second page."}}, "text"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, test.mediaType, test.doc, testLimits())
			if err != nil {
				t.Fatal(err)
			}
			wantPages(t, res.Pages, test.want)
			if res.Engine != test.engine || res.Note != "" || res.Empty() {
				t.Errorf("got engine %q, note %q, empty %v; want engine %q and nothing else", res.Engine, res.Note, res.Empty(), test.engine)
			}
			for _, page := range res.Pages {
				if test.name != "html" && strings.Contains(page, "for partners") {
					t.Errorf("got page %q, want no footer in it", page)
				}
			}
		})
	}
}

func TestExtractReadsWhatLibreOfficeWrites(t *testing.T) {
	t.Parallel()
	deck := [][]string{
		{"How <Cold> Chains & Ports Meet", "What to check before the first container leaves"},
		{"Why now", "Tariffs change in April", "a third of the cost of a refrigerated voyage", "Drivers are scarce"},
		{"Proof", "Measured over twelve months", "Delay", "Northhaven", "2 days", "Quietwater"},
		{"Table only", "periwinkle"},
		{"Nothing but a title"},
	}
	for name, read := range engines(t) {
		t.Run("pdf by "+name, func(t *testing.T) {
			t.Parallel()
			doc := fixture(t, "libreoffice.pdf")
			res, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			wantPages(t, flat(res.Pages), deck)
		})
	}
	for mediaType, name := range map[string]string{typePPTX: "libreoffice.pptx", typeODP: "libreoffice.odp"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, mediaType, fixture(t, name), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			deck := append([][]string{}, deck...)
			deck[1] = append(slices.Clip(deck[1]), "Pause here.\nAsk about the turnstile.")
			wantPages(t, res.Pages, deck)
		})
	}
	for mediaType, name := range map[string]string{typeDOCX: "libreoffice.docx", typeODT: "libreoffice.odt", typeRTF: "libreoffice.rtf"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, mediaType, fixture(t, name), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			wantPages(t, res.Pages, [][]string{
				{"Questions of the buyer", "Naïve estimates", "Which plug fits?"},
				{"Proof by numbers", "Port Delay Loss\nNorthhaven 2 days 4 %"},
				{"albatross"},
			})
		})
	}
}

// flat puts each page on one line: where lines end in a PDF is a matter of layout.
func flat(pages []string) []string {
	out := make([]string, len(pages))
	for i, page := range pages {
		out[i] = strings.ReplaceAll(page, "\n", " ")
	}
	return out
}

func TestExtractRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		mediaType string
		doc       []byte
		want      Failure
	}{
		{"a picture", "image/png", []byte("\x89PNG"), Unsupported},
		{"no media type", "", []byte("text"), Unsupported},
		{"an old Office document", "application/msword", plainOLE(), OldFormat},
		{"an Office document with a password", typeOLE, encryptedOLE(), Encrypted},
		{"text as a PDF", typePDF, []byte("just text"), Damaged},
		{"text as a PPTX", typePPTX, []byte("just text"), Damaged},
		{"a DOCX as a PPTX", typePPTX, write(t, files.DOCX, files.Document{}), ""},
		{"nothing as a DOCX", typeDOCX, nil, Damaged},
		{"a DOCX as an ODT", typeODT, write(t, files.DOCX, files.Document{}), Damaged},
		{"text as RTF", typeRTF, []byte("just text"), Damaged},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, test.mediaType, test.doc, testLimits())
			if test.want == "" {
				if err != nil || !res.Empty() {
					t.Fatalf("got %q, %v; want no text and no error", res.Pages, err)
				}
				return
			}
			wantFailure(t, err, test.want)
			if reason, ok := ReasonFor(err); !ok || reason.Sentence() == "" {
				t.Errorf("got no sentence for %v", err)
			}
		})
	}
}

func TestExtractKeepsToItsLimits(t *testing.T) {
	t.Parallel()
	text := []byte(strings.Repeat("word ", 1000) + "\fsecond\fthird")

	t.Run("input", func(t *testing.T) {
		t.Parallel()
		lim := testLimits()
		lim.Input = 100
		_, err := extractBytes(t, "text/plain", text, lim)
		wantFailure(t, err, TooLarge)
	})
	t.Run("output", func(t *testing.T) {
		t.Parallel()
		lim := testLimits()
		lim.Output = 99
		res, err := extractBytes(t, "text/plain", text, lim)
		if err != nil || len(res.Pages) != 1 || len(res.Pages[0]) != 99 || res.Note == "" {
			t.Fatalf("got %+v, %v; want one page of 99 bytes and a note", res, err)
		}
	})
	t.Run("pages", func(t *testing.T) {
		t.Parallel()
		lim := testLimits()
		lim.Pages = 2
		res, err := extractBytes(t, "text/plain", text, lim)
		if err != nil || len(res.Pages) != 2 || res.Note == "" {
			t.Fatalf("got %d pages, note %q, %v; want 2 pages and a note", len(res.Pages), res.Note, err)
		}
	})
	t.Run("as many pages as allowed", func(t *testing.T) {
		t.Parallel()
		lim := testLimits()
		lim.Pages = 3
		res, err := extractBytes(t, "text/plain", text, lim)
		if err != nil || len(res.Pages) != 3 || res.Note != "" {
			t.Fatalf("got %d pages, note %q, %v; want 3 pages and no note", len(res.Pages), res.Note, err)
		}
	})
}

func TestExtractIsNotTheDocumentsFault(t *testing.T) {
	t.Parallel()
	t.Run("when the context ends", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		doc := write(t, files.PPTX, sampleDeck())
		_, err := Extract(ctx, typePPTX, bytes.NewReader(doc), int64(len(doc)), testLimits())
		if _, blamed := ReasonFor(err); blamed || !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want context.Canceled", err)
		}
	})
	t.Run("when reading fails", func(t *testing.T) {
		t.Parallel()
		for _, mediaType := range []string{typePDF, typePPTX, typeDOCX, typeXLSX, typeODT, typeRTF, "text/html", "text/markdown", "text/plain"} {
			_, err := Extract(t.Context(), mediaType, brokenDisk{}, 10_000, testLimits())
			if _, blamed := ReasonFor(err); blamed || !errors.Is(err, errBrokenDisk) {
				t.Errorf("%s: got %v, want the error of the disk", mediaType, err)
			}
		}
	})
}

var errBrokenDisk = errors.New("input/output error")

type brokenDisk struct{}

func (brokenDisk) ReadAt([]byte, int64) (int, error) { return 0, errBrokenDisk }

var _ io.ReaderAt = brokenDisk{}
