package demo

import (
	"bufio"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Each file of pieces/ is one piece. It begins with lines "name: value" (see readLine) and what became of the piece,
// line by line: "40 days ago: changes by sunniva: The price is old." Then, after an empty line, comes what stands in the
// document: see content.go.
//
//go:embed pieces/*.md
var pieceFiles embed.FS

// piece is one piece of the demo.
type piece struct {
	name    string // of its file, without .md
	details collateral.Details
	owner   string // key of a person
	format  string // pdf, pptx, docx, html or link
	subline string
	url     string // of a link
	review  int    // days from now until the piece should be looked at again; negative when that is past; 0 when not said
	reach   string // how far the field goes with it: see reaches
	life    []step
	content [][]section // what each version adds

	// While the company lives:
	id       uuid.UUID
	versions int
	live     uuid.UUID // the version that is published; uuid.Nil when none is
	text     string    // of the live version, for those who search; see searchable
}

// step is one thing that becomes of a piece.
type step struct {
	daysAgo int
	verb    string
	by      string // key of a person; empty: the owner
	says    string
}

var stepPattern = regexp.MustCompile(`^(\d+) days ago: (\w+)(?: by (\w+))?(?:: (.+))?$`)

func readLibrary() ([]*piece, error) {
	names, err := fs.Glob(pieceFiles, "pieces/*.md")
	if err != nil {
		return nil, err
	}
	var library []*piece
	for _, name := range names {
		raw, err := fs.ReadFile(pieceFiles, name)
		if err != nil {
			return nil, err
		}
		p, err := readPiece(strings.TrimSuffix(path.Base(name), ".md"), raw)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		library = append(library, p)
	}
	return library, nil
}

func readPiece(name string, raw []byte) (*piece, error) {
	p := &piece{name: name, details: collateral.Details{Language: "en", Audience: collateral.ForCustomer}}
	head, body, _ := bytes.Cut(raw, []byte("\n\n"))
	lines := bufio.NewScanner(bytes.NewReader(head))
	for lines.Scan() {
		if err := p.readLine(lines.Text()); err != nil {
			return nil, fmt.Errorf("line %q: %w", lines.Text(), err)
		}
	}
	if _, ok := reaches[p.reach]; !ok && p.reach != "" {
		return nil, fmt.Errorf("there is no reach %q", p.reach)
	}
	p.content = readContent(string(body))
	return p, lines.Err()
}

func (p *piece) readLine(line string) (err error) {
	if m := stepPattern.FindStringSubmatch(line); m != nil {
		days, err := strconv.Atoi(m[1])
		p.life = append(p.life, step{daysAgo: days, verb: m[2], by: m[3], says: m[4]})
		return err
	}
	heading, value, ok := strings.Cut(line, ": ")
	if !ok {
		return errors.New("neither a heading nor a step of the piece's life")
	}
	d := &p.details
	switch heading {
	case "title":
		d.Title = value
	case "subline":
		p.subline = value
	case "summary":
		d.Summary = value
	case "type":
		d.Type = collateral.Type(value)
	case "format":
		p.format = value
	case "url":
		p.url = value
	case "audience":
		d.Audience = collateral.Audience(value)
	case "stage": // the first one is the primary one
		stage, role, _ := strings.Cut(value, ": ")
		d.Stages = append(d.Stages, collateral.StageTag{Stage: stage, Role: role, Primary: len(d.Stages) == 0})
	case "personas":
		d.Personas = strings.Split(value, ", ")
	case "industries":
		d.Industries = strings.Split(value, ", ")
	case "products":
		d.Products = strings.Split(value, ", ")
	case "language":
		d.Language = value
	case "cost":
		amount, currency, _ := strings.Cut(value, " ")
		d.Cost = &collateral.Cost{Amount: amount, Currency: currency}
	case "review in days":
		p.review, err = strconv.Atoi(value)
	case "owner":
		p.owner = value
	case "reach":
		p.reach = value
	default:
		return fmt.Errorf("there is no heading %q", heading)
	}
	return err
}

// sections is what stands in version n: what every version up to it added.
func (p *piece) sections(n int) []section {
	return slices.Concat(p.content[:min(n, len(p.content))]...)
}

// searchable is every word of version n that a search would look at, each with a blank before it.
func (p *piece) searchable(n int) string {
	d := &p.details
	texts := slices.Concat([]string{d.Title, d.Summary, string(d.Type)}, d.Personas, d.Industries, d.Products)
	for _, tag := range d.Stages {
		texts = append(texts, tag.Stage)
	}
	for _, s := range p.sections(n) {
		texts = append(texts, s.words()...)
	}
	return " " + plainWords(strings.Join(texts, " "))
}
