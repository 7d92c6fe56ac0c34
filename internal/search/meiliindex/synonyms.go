package meiliindex

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// notes is the index beside the one that answers, for what is no document of its caller.
func (x *Index) notes() string { return x.name + "-notes" }

// The keys of notes.
const (
	noteSynonyms = "synonyms" // JSON: groups of terms
	noteLayout   = "layout"   // the layoutVersion of what is in the index
)

// noted is a document of the notes.
type noted struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// note returns the text of a note, or nothing when there is none.
func (x *Index) note(ctx context.Context, id string) (string, error) {
	var found meilisearch.DocumentsResult
	err := x.call(ctx, func(ctx context.Context) error {
		return x.client.Index(x.notes()).GetDocumentsWithContext(ctx, &meilisearch.DocumentsQuery{Ids: []string{id}, Limit: 1}, &found)
	})
	if err != nil {
		return "", fmt.Errorf("reading the note %s: %w", id, err)
	}
	if len(found.Results) == 0 {
		return "", nil
	}
	var n noted
	if err := found.Results[0].DecodeInto(&n); err != nil {
		return "", fmt.Errorf("reading the note %s: %w", id, err)
	}
	return n.Text, nil
}

func (x *Index) setNote(ctx context.Context, id, text string) error {
	key := fieldKey
	err := x.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.Index(x.notes()).AddDocumentsWithContext(ctx, []noted{{id, text}}, &meilisearch.DocumentOptions{PrimaryKey: &key})
	})
	if err != nil {
		return fmt.Errorf("writing the note %s: %w", id, err)
	}
	return nil
}

// SetSynonyms gives the server the table in the words that queries are sent in, and notes the table itself, by which
// queries are read and hits explained.
func (x *Index) SetSynonyms(ctx context.Context, groups [][]string) error {
	x.setting.Lock()
	defer x.setting.Unlock()
	if err := x.setSynonyms(ctx, groups); err != nil {
		return fmt.Errorf("setting the synonyms of the search index: %w", err)
	}
	return nil
}

func (x *Index) setSynonyms(ctx context.Context, groups [][]string) error {
	text, err := json.Marshal(groups)
	if err != nil {
		return err
	}
	if err := x.sendSynonyms(ctx, x.name, groups); err != nil {
		return err
	}
	if err := x.setNote(ctx, noteSynonyms, string(text)); err != nil {
		return err
	}
	x.synonyms.Store(&table{groups: groups, ready: search.NewSynonyms(groups), read: time.Now()})
	return nil
}

func (x *Index) sendSynonyms(ctx context.Context, uid string, groups [][]string) error {
	sent := serverSynonyms(groups)
	return x.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		if len(sent) == 0 {
			return x.client.Index(uid).ResetSynonymsWithContext(ctx)
		}
		return x.client.Index(uid).UpdateSynonymsWithContext(ctx, &sent)
	})
}

// tableAge is for how long a table is used before it is read again: another registry may have set one.
const tableAge = 10 * time.Second

// currentSynonyms returns the table. When it cannot be read again, the one before serves.
func (x *Index) currentSynonyms(ctx context.Context) *search.Synonyms {
	if t := x.synonyms.Load(); time.Since(t.read) < tableAge || !x.setting.TryLock() {
		return t.ready
	}
	defer x.setting.Unlock()
	if err := x.loadSynonyms(ctx); err != nil {
		slog.Warn("the synonyms of the search index cannot be read again; those read before are used", "error", err)
	}
	return x.synonyms.Load().ready
}

func (x *Index) loadSynonyms(ctx context.Context) error {
	text, err := x.note(ctx, noteSynonyms)
	if err != nil {
		return err
	}
	var groups [][]string
	if text != "" {
		if err := json.Unmarshal([]byte(text), &groups); err != nil {
			return fmt.Errorf("reading the synonyms: %w", err)
		}
	}
	x.synonyms.Store(&table{groups: groups, ready: search.NewSynonyms(groups), read: time.Now()})
	return nil
}

// The server takes so many phrases, and so many words in them, for what one term may be called.
const (
	maxPhrases     = 48
	maxPhraseWords = 96
)

// serverSynonyms writes the table in the words that are sent. A term of more than three words is found by its synonyms, but
// not recognised in a query: the server does not look for longer ones.
func serverSynonyms(groups [][]string) map[string][]string {
	ready := search.NewSynonyms(groups)
	sent := make(map[string][]string)
	for _, group := range groups {
		for _, term := range group {
			words := ready.Words(term)
			if len(words) == 0 {
				continue
			}
			var phrases []string
			left := maxPhraseWords
			others := words[0].Synonyms
			for _, other := range others {
				for _, row := range other.Readings {
					for _, spelled := range spellings(row, maxPhrases/len(others)) {
						if len(spelled) <= left && len(phrases) < maxPhrases {
							phrases, left = append(phrases, strings.Join(spelled, " ")), left-len(spelled)
						}
					}
				}
			}
			if len(phrases) > 0 {
				sent[strings.Join(termWords(words), " ")] = phrases
			}
		}
	}
	return sent
}

// spellings writes a row of words in their inflections, the last word's first, at most limit of them. A single word needs
// none: documents hold its inflections.
func spellings(row []string, limit int) [][]string {
	all := [][]string{sentWords(row)}
	if len(row) == 1 {
		return all
	}
	for at := len(row) - 1; at >= 0; at-- {
		for _, form := range search.Forms(row[at])[1:] {
			if len(all) >= limit {
				return all
			}
			inflected := sentWords(row)
			inflected[at] = word(form)
			all = append(all, inflected)
		}
	}
	return all
}

func sentWords(terms []string) []string {
	all := make([]string, len(terms))
	for i, term := range terms {
		all[i] = word(term)
	}
	return all
}

// termWords are the words of a term in their first reading, as they are sent.
func termWords(words []search.Word) []string {
	var all []string
	for _, w := range words {
		all = append(all, sentWords(w.Readings[0])...)
	}
	return all
}
