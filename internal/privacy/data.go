package privacy

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// FileName is what the file of WriteData is called.
const FileName = "my-data.json"

// WriteMine writes everything that is kept of the actor; see WriteData.
func (p *Privacy) WriteMine(ctx context.Context, actor collateral.Actor, to io.Writer) error {
	return p.write(ctx, actor.UserID, to)
}

// WriteData writes everything that is kept of a person, for whoever runs the registry and has to answer that person. That it
// was done is audited.
func (p *Privacy) WriteData(ctx context.Context, person uuid.UUID, to io.Writer) error {
	if err := p.Store.Audit(ctx, about(nil, "user.data_told", person)); err != nil {
		return err
	}
	return p.write(ctx, person, to)
}

// write writes one JSON object, part by part, without ever holding a part whole:
//
//	{"made_at": ..., "person": ..., "parts": [{"name": ..., "about": ..., "kept": ..., "items": [{...}]}]}
//
// After an error the text is no JSON.
func (p *Privacy) write(ctx context.Context, person uuid.UUID, to io.Writer) error {
	out := &jsonStream{to: bufio.NewWriter(to)}
	out.text("{\n\"made_at\": ")
	out.value(p.Store.Now().Format(time.RFC3339))
	out.text(",\n\"person\": ")
	out.value(person)
	out.text(",\n\"parts\": [")
	for i, part := range p.parts() {
		if i > 0 {
			out.text(",")
		}
		out.text("\n{\"name\": ")
		out.value(part.name)
		out.text(", \"about\": ")
		out.value(part.about)
		out.text(", \"kept\": ")
		out.value(part.kept)
		out.text(", \"items\": [")
		separator := "\n"
		err := p.Store.Personal(ctx, person, part.name, func(row map[string]any) error {
			out.text(separator)
			separator = ",\n"
			out.value(row)
			return out.err
		})
		if err != nil {
			return err
		}
		out.text("]}")
	}
	out.text("\n]\n}\n")
	if out.err != nil {
		return out.err
	}
	return out.to.Flush()
}

// jsonStream writes pieces of JSON until the first error.
type jsonStream struct {
	to  *bufio.Writer
	err error
}

func (s *jsonStream) text(text string) {
	if s.err == nil {
		_, s.err = s.to.WriteString(text)
	}
}

func (s *jsonStream) value(v any) {
	raw, err := json.Marshal(v)
	if s.err == nil {
		s.err = err
	}
	s.text(string(raw))
}
