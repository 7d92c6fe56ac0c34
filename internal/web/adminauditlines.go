package web

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// auditLine is an entry of the audit log with names for what it holds the ids of. What no longer exists has none.
type auditLine struct {
	collateral.AuditEntry
	Actor string
	Thing string
	Path  string // of the thing's page; empty for none
	Told  string // the detail, with names
}

// auditLines names what the entries are about.
func (s *site) auditLines(ctx context.Context, entries []collateral.AuditEntry) ([]auditLine, error) {
	known, err := s.auditNames(ctx, entries)
	if err != nil {
		return nil, err
	}
	lines := make([]auditLine, len(entries))
	for i, e := range entries {
		line := auditLine{AuditEntry: e, Actor: known.people[e.ActorID], Told: known.told(e)}
		id, _ := uuid.Parse(e.SubjectID) // what is none has no name
		switch e.SubjectKind {
		case "user":
			line.Thing = known.people[id]
			line.Path = pathOf("/admin/people/", e.SubjectID, line.Thing)
		case "asset":
			line.Thing = known.pieces[id]
			line.Path = pathOf("/pieces/", e.SubjectID, line.Thing)
		case "stage":
			stage := known.stages[id]
			line.Thing, line.Path = stage.Name, pathOf("/admin/stages/", stage.Key, stage.Name)
		case "taxonomy":
			line.Thing, line.Path = words(e.SubjectID), "/admin/lists#"+e.SubjectID
		case "webhook":
			line.Path = "/admin/webhooks/" + e.SubjectID
		case "batch":
			line.Path = "/work/batches/" + e.SubjectID
		}
		lines[i] = line
	}
	return lines, nil
}

// pathOf is where a thing is shown that has a name.
func pathOf(folder, id, name string) string {
	if name == "" {
		return ""
	}
	return folder + id
}

// auditNames are names by id.
type auditNames struct {
	people map[uuid.UUID]string
	pieces map[uuid.UUID]string
	stages map[uuid.UUID]collateral.Stage // those in use
}

func (s *site) auditNames(ctx context.Context, entries []collateral.AuditEntry) (auditNames, error) {
	var people, pieces []uuid.UUID
	for _, e := range entries {
		people = append(people, e.ActorID)
		id, err := uuid.Parse(e.SubjectID)
		switch {
		case err != nil:
		case e.SubjectKind == "user":
			people = append(people, id)
		case e.SubjectKind == "asset":
			pieces = append(pieces, id)
		}
		if id, err := uuid.Parse(e.Detail); err == nil {
			people = append(people, id)
		}
	}
	known := auditNames{stages: map[uuid.UUID]collateral.Stage{}}
	var err error
	if known.people, err = s.names(ctx, distinct(people)...); err != nil {
		return known, err
	}
	if known.pieces, err = s.registry.Titles(ctx, actorOf(ctx), distinct(pieces)); err != nil {
		return known, err
	}
	stages, err := s.registry.Stages(ctx)
	for _, stage := range stages {
		known.stages[stage.ID] = stage
	}
	return known, err
}

// told writes the detail of an entry for people. An id without a name, as versions are, says nothing to anybody and is left
// out; the CSV has it.
func (n auditNames) told(e collateral.AuditEntry) string {
	id, err := uuid.Parse(e.Detail)
	if err != nil {
		return e.Detail
	}
	return cmp.Or(n.people[id], n.stages[id].Name)
}

// distinct returns each id once, and never that of nobody.
func distinct(ids []uuid.UUID) []uuid.UUID {
	seen := map[uuid.UUID]bool{uuid.Nil: true}
	var all []uuid.UUID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			all = append(all, id)
		}
	}
	return all
}

// ByNobody reports whether the command line or background work did it.
func (l auditLine) ByNobody() bool { return l.ActorID == uuid.Nil }
