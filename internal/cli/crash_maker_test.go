package cli_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maker is a marketer at work. The requests of the approver who reviews the maker's pieces are also sent from here, so
// that one piece has one request under way at most.
type maker struct {
	c      *crash
	token  string
	random *rand.Rand
	pieces []*piece
}

// inWork is how many of the newest pieces a maker still works on.
const inWork = 4

// deed is something that can be done to a piece.
type deed struct {
	name   string
	weight int
	can    func(p *piece) bool
	do     func(m *maker, p *piece) (alive bool)
}

func deeds() []deed {
	newestIs := func(states ...string) func(*piece) bool {
		return func(p *piece) bool { return slices.Contains(states, p.is.newest().State) }
	}
	return []deed{
		{"uploads", 3, func(p *piece) bool { return len(p.is.Versions) < 5 && p.is.newest().State != "submitted" }, (*maker).upload},
		{"submissions", 6, newestIs("draft"), (*maker).submit},
		{"submissions taken back", 1, newestIs("submitted"), (*maker).unsubmit},
		{"signatures", 6, newestIs("submitted"), (*maker).approve},
		{"requests for changes", 1, newestIs("submitted"), (*maker).sendBack},
		{"publications", 6, func(p *piece) bool { return p.is.approved() > p.is.Published }, (*maker).publish},
		{"withdrawals", 1, func(p *piece) bool { return p.is.Published > 0 }, (*maker).withdraw},
		{"new titles", 1, func(*piece) bool { return true }, (*maker).rename},
		{"deletions", 1, func(p *piece) bool { return !p.submitted }, (*maker).remove},
	}
}

// step does one thing and reports whether the server is still there.
func (m *maker) step() bool {
	var current []*piece
	for _, p := range slices.Backward(m.pieces) {
		if !p.is.Deleted && len(current) < inWork {
			current = append(current, p)
		}
	}
	if len(current) < 2 || m.random.IntN(10) == 0 {
		return m.create()
	}
	p := current[m.random.IntN(len(current))]
	var can []deed
	for _, d := range deeds() {
		if d.can(p) {
			can = append(can, slices.Repeat([]deed{d}, d.weight)...)
		}
	}
	return can[m.random.IntN(len(can))].do(m, p)
}

// create makes a piece. When that is not answered nobody knows the piece, and it is nobody's loss.
func (m *maker) create() bool {
	word := m.word()
	a, alive := m.c.ask(request{token: m.token, method: http.MethodPost, path: "/assets", body: map[string]any{
		"title": "Deck " + word, "type": "deck", "audience": "customer", "language": "en",
		"stages": []map[string]any{{"stage": "solution-exploration", "role": "Shows the buyer what the product does.", "primary": true}},
	}})
	if !alive {
		return false
	}
	var made struct{ ID string }
	if err := json.Unmarshal(a.body, &made); err != nil || a.status != http.StatusCreated || made.ID == "" {
		m.c.t.Errorf("creating a piece: got %s, error %v, want 201 and an id", a, err)
		return true
	}
	m.pieces = append(m.pieces, &piece{
		maker: m, id: made.ID, is: standing{Title: word}, titles: []string{word}, words: make(map[string]string), touched: true,
	})
	m.c.count("pieces", 1)
	return true
}

// attempt sends a request and holds the piece for changed when that is answered as wanted.
func (m *maker) attempt(p *piece, effect string, after standing, r request, want int) (alive bool) {
	p.touched, p.maybe = true, &after
	r.path = "/assets/" + p.id + r.path
	if r.token == "" {
		r.token = m.token
	}
	a, alive := m.c.ask(r)
	if !alive {
		return false
	}
	p.maybe = nil
	if a.status != want {
		m.c.t.Errorf("%s %s: got %s, want %d of a piece that stands as %+v", r.method, r.path, a, want, p.is)
		return true
	}
	p.is = after
	m.c.count(effect, 1)
	return true
}

func (m *maker) submit(p *piece) bool {
	p.submitted = true
	return m.attempt(p, "submissions", p.is.inState("submitted"), request{method: http.MethodPost, path: "/submit"}, http.StatusOK)
}

func (m *maker) unsubmit(p *piece) bool {
	return m.attempt(p, "submissions taken back", p.is.inState("draft"), request{method: http.MethodPost, path: "/unsubmit"}, http.StatusOK)
}

func (m *maker) approve(p *piece) bool {
	return m.review(p, "signatures", "approved", map[string]any{"version": len(p.is.Versions), "decision": "approve"})
}

func (m *maker) sendBack(p *piece) bool {
	return m.review(p, "requests for changes", "changes_requested",
		map[string]any{"version": len(p.is.Versions), "decision": "request_changes", "comment": "The price is missing."})
}

func (m *maker) review(p *piece, effect, state string, review map[string]any) bool {
	return m.attempt(p, effect, p.is.inState(state),
		request{token: m.c.ann, method: http.MethodPost, path: "/reviews", body: review}, http.StatusCreated)
}

func (m *maker) publish(p *piece) bool {
	after := p.is
	after.Published = p.is.approved()
	alive := m.attempt(p, "publications", after, request{method: http.MethodPost, path: "/publish"}, http.StatusOK)
	if alive {
		m.c.shelf.put(p)
	}
	return alive
}

func (m *maker) withdraw(p *piece) bool {
	m.c.shelf.take(p)
	after := p.is
	after.Published = 0
	return m.attempt(p, "withdrawals", after,
		request{method: http.MethodPost, path: "/withdraw", body: map[string]any{"reason": "The prices changed."}}, http.StatusOK)
}

func (m *maker) rename(p *piece) bool {
	after := p.is
	after.Title = m.word()
	p.titles = append(p.titles, after.Title)
	return m.attempt(p, "new titles", after, request{
		method: http.MethodPatch, body: map[string]any{"title": "Deck " + after.Title}, header: http.Header{"If-Match": {"*"}},
	}, http.StatusOK)
}

func (m *maker) remove(p *piece) bool {
	return m.attempt(p, "deletions", standing{Deleted: true}, request{method: http.MethodDelete}, http.StatusNoContent)
}

// word makes up a word that stands nowhere else and that nothing is mistaken for: digits are right or wrong.
func (m *maker) word() string { return fmt.Sprintf("kx%015d", m.random.Int64N(1e15)) }

// upload sends a file, sometimes over a slow line.
func (m *maker) upload(p *piece) bool {
	name, word, content := m.file()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		m.c.t.Errorf("writing a form: %v", err)
		return false
	}
	var body io.Reader = &form
	if m.random.IntN(2) == 0 {
		body = &slowReader{r: &form, piece: 1 + form.Len()/8}
	}
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	if word != "" {
		p.words[digest] = word
	}
	after := p.is
	after.Versions = append(slices.Clone(p.is.Versions), edition{SHA256: digest, State: "draft"})
	return m.attempt(p, "uploads", after, request{
		method: http.MethodPost, path: "/versions", body: body, header: http.Header{"Content-Type": {w.FormDataContentType()}},
	}, http.StatusCreated)
}

// file makes up a text with a word of its own, or bytes without any.
func (m *maker) file() (name, word string, content []byte) {
	if m.random.IntN(3) > 0 {
		word = m.word()
		return "notes.txt", word, []byte("Notes on " + word + ". " + strings.Repeat("Every month on the old platform costs money. ", m.random.IntN(200)))
	}
	content = make([]byte, 1+m.random.IntN(1<<18))
	for i := range content {
		content[i] = byte(m.random.Uint32())
	}
	return "recording.bin", "", content
}

// slowReader is a line that carries a piece at a time.
type slowReader struct {
	r     io.Reader
	piece int // bytes
}

// Read implements io.Reader.
func (s *slowReader) Read(p []byte) (int, error) {
	<-time.After(10 * time.Millisecond)
	return s.r.Read(p[:min(len(p), s.piece)])
}
