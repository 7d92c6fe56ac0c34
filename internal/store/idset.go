package store

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// among is the condition that a column holds one of the ids in the parameter, which is made by idSet. The ids are one
// parameter however many they are: no list is too long for a statement, and the statement's text stays the same, so
// that PostgreSQL has it prepared.
func (s *Store) among(column, parameter string) string {
	if s.Dialect() == Postgres {
		return column + " = ANY (CAST(" + parameter + " AS uuid[]))"
	}
	return column + " IN (SELECT value FROM json_each(" + parameter + "))"
}

// selectIDs selects the ids in the parameter, which is made by idSet, each as a row.
func (s *Store) selectIDs(parameter string) string {
	if s.Dialect() == Postgres {
		return "SELECT unnest(CAST(" + parameter + " AS uuid[]))"
	}
	return "SELECT value FROM json_each(" + parameter + ")"
}

// idSet writes ids as the literal of a PostgreSQL array, or as JSON.
func (s *Store) idSet(ids []uuid.UUID) string {
	opening, quote, closing := "[", `"`, "]"
	if s.Dialect() == Postgres {
		opening, quote, closing = "{", "", "}"
	}
	var b strings.Builder
	b.WriteString(opening)
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote)
		b.WriteString(id.String())
		b.WriteString(quote)
	}
	b.WriteString(closing)
	return b.String()
}

// idsIn reads what idSet wrote on either database.
func idsIn(set string) ([]uuid.UUID, error) {
	texts := strings.FieldsFunc(set, func(r rune) bool { return strings.ContainsRune(`{}[]",`, r) })
	ids := make([]uuid.UUID, len(texts))
	for i, text := range texts {
		var err error
		if ids[i], err = uuid.Parse(text); err != nil {
			return nil, fmt.Errorf("%q among ids: %w", text, err)
		}
	}
	return ids, nil
}
