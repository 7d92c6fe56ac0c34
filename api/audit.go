package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListAudit(ctx context.Context, r ListAuditRequestObject) (ListAuditResponseObject, error) {
	p := r.Params
	filter := collateral.AuditFilter{
		ActorID: p.Actor, Action: p.Action, SubjectKind: p.SubjectKind, SubjectID: p.SubjectID, From: p.From.UTC(), To: p.To.UTC(),
	}
	entries, next, err := s.access.AuditLog(ctx, httpd.CallOf(ctx).Actor, filter, paging(p.Limit, p.Cursor))
	if err != nil {
		return nil, err
	}
	return ListAudit200JSONResponse{Items: each(entries, auditAnswer), NextCursor: nextCursor(next)}, nil
}

func auditAnswer(e collateral.AuditEntry) AuditEntry {
	return AuditEntry{
		Seq: e.Seq, At: e.At, Actor: orNull(e.ActorID), Action: e.Action,
		SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, Detail: e.Detail,
	}
}
