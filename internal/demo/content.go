package demo

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/demo/files"
)

// section is a slide, or a part of a page. In pieces/ it begins with "# Heading", or "## Heading" when it continues the
// page; a line with "- " is a bullet, one with "| " a row of a table with cells between bars, and each other line a
// paragraph: on slides that is what the speaker says.
type section struct {
	heading    string
	continues  bool
	paragraphs []string
	bullets    []string
	table      files.Table
}

// readContent reads what each version adds; a line "+++" stands between them.
func readContent(body string) [][]section {
	var all [][]section
	for part := range strings.SplitSeq(body, "\n+++\n") {
		all = append(all, readSections(part))
	}
	return all
}

func readSections(text string) []section {
	var all []section
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		hashes, heading, ok := strings.Cut(line, "# ")
		switch {
		case ok && (hashes == "" || hashes == "#"):
			all = append(all, section{heading: heading, continues: hashes == "#"})
		case line != "" && len(all) > 0:
			if !all[len(all)-1].takes(line) {
				all = append(all, section{continues: true})
			}
			all[len(all)-1].add(line)
		}
	}
	return all
}

const bullet, row = "- ", "| "

// takes reports whether the line can stand below what the section has: paragraphs come first, then bullets, then the
// table.
func (s *section) takes(line string) bool {
	switch {
	case strings.HasPrefix(line, row):
		return true
	case strings.HasPrefix(line, bullet):
		return len(s.table) == 0
	}
	return len(s.table) == 0 && len(s.bullets) == 0
}

func (s *section) add(line string) {
	if text, ok := strings.CutPrefix(line, bullet); ok {
		s.bullets = append(s.bullets, text)
	} else if text, ok := strings.CutPrefix(line, row); ok {
		var cells []string
		for cell := range strings.SplitSeq(strings.TrimSuffix(text, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		s.table = append(s.table, cells)
	} else {
		s.paragraphs = append(s.paragraphs, line)
	}
}

// words are all texts of the section.
func (s section) words() []string {
	return slices.Concat([]string{s.heading}, s.paragraphs, s.bullets, slices.Concat(s.table...))
}

// fileName is what the marketer called the file.
func (p *piece) fileName(n int) string {
	if n == 1 {
		return p.name + "." + p.format
	}
	return fmt.Sprintf("%s-v%d.%s", p.name, n, p.format)
}

// file writes version n as it was on that day.
func (p *piece) file(n int, author string, day time.Time) (io.Reader, error) {
	info := files.Info{
		Title: p.details.Title, Subtitle: p.subline, Author: author, Language: p.details.Language, Date: day,
		Footer: "Marrowby - " + audienceLine(p), Accent: accent(p),
	}
	var out bytes.Buffer
	var err error
	switch p.format {
	case "pptx":
		err = files.PPTX(&out, deck(info, p.sections(n)))
	case "pdf":
		err = files.PDF(&out, document(info, p.sections(n)))
	case "docx":
		err = files.DOCX(&out, document(info, p.sections(n)))
	case "html":
		err = files.HTML(&out, document(info, p.sections(n)))
	default:
		err = fmt.Errorf("there is no format %q", p.format)
	}
	return &out, err
}

// audienceLine is what the foot of every page says.
func audienceLine(p *piece) string {
	switch p.details.Audience {
	case collateral.ForInternal:
		return "internal, not for customers"
	case collateral.ForPartner:
		return "for partners"
	}
	return p.details.Title
}

// accent is the colour of the product that the piece is about.
func accent(p *piece) files.Colour {
	if len(p.details.Products) == 0 {
		return files.Colour{}
	}
	switch p.details.Products[0] {
	case "yard":
		return files.Colour{R: 0x0b, G: 0x5d, B: 0x57}
	case "pulse":
		return files.Colour{R: 0x8a, G: 0x2d, B: 0x3b}
	case "parts":
		return files.Colour{R: 0x7a, G: 0x4e, B: 0x12}
	case "pocket":
		return files.Colour{R: 0x4a, G: 0x3b, B: 0x7c}
	}
	return files.Colour{}
}

func document(info files.Info, sections []section) files.Document {
	d := files.Document{Info: info}
	for _, s := range sections {
		d.Sections = append(d.Sections, files.Section{Heading: s.heading, Paragraphs: s.paragraphs, Bullets: s.bullets, Table: s.table, Continues: s.continues})
	}
	return d
}

// deck makes a slide of each section that does not continue one.
func deck(info files.Info, sections []section) files.Deck {
	d := files.Deck{Info: info}
	for _, s := range sections {
		if !s.continues || len(d.Slides) == 0 {
			d.Slides = append(d.Slides, files.Slide{Title: s.heading})
		}
		slide := &d.Slides[len(d.Slides)-1]
		slide.Bullets = append(slide.Bullets, s.bullets...)
		slide.Table = append(slide.Table, s.table...)
		slide.Notes = strings.TrimSpace(slide.Notes + "\n" + strings.Join(s.paragraphs, "\n"))
	}
	return d
}
