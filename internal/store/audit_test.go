package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

func TestAuditLog(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		start := clock.Now()
		ada, asset := uuid.New(), uuid.New().String()
		written := []collateral.AuditEntry{
			{Action: "user.created", SubjectKind: "user", SubjectID: ada.String()},
			{ActorID: ada, Action: "asset.created", SubjectKind: "asset", SubjectID: asset},
			{ActorID: ada, Action: "taxonomy.changed", SubjectKind: "taxonomy", SubjectID: "persona", Detail: "closed"},
			{ActorID: ada, Action: "asset.changed", SubjectKind: "asset", SubjectID: asset},
		}
		for i := range written {
			if err := s.Audit(t.Context(), written[i]); err != nil {
				t.Fatal(err)
			}
			written[i].At = clock.Now()
			clock.move(time.Minute)
		}
		tests := map[string]struct {
			filter collateral.AuditFilter
			want   []int // of written
		}{
			"all":         {collateral.AuditFilter{}, []int{3, 2, 1, 0}},
			"actor":       {collateral.AuditFilter{ActorID: ada}, []int{3, 2, 1}},
			"action":      {collateral.AuditFilter{Action: "asset.created"}, []int{1}},
			"kind":        {collateral.AuditFilter{SubjectKind: "asset"}, []int{3, 1}},
			"subject":     {collateral.AuditFilter{SubjectKind: "taxonomy", SubjectID: "persona"}, []int{2}},
			"time":        {collateral.AuditFilter{From: start.Add(time.Minute), To: start.Add(3 * time.Minute)}, []int{2, 1}},
			"none so far": {collateral.AuditFilter{Action: "asset.deleted"}, nil},
		}
		for name, tt := range tests {
			var want, got []collateral.AuditEntry
			for _, i := range tt.want {
				want = append(want, written[i])
			}
			for paging := (collateral.Paging{Limit: 2}); ; {
				page, next, err := s.AuditLog(t.Context(), tt.filter, paging)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, page...)
				if next == "" {
					break
				}
				paging.Cursor = next
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(collateral.AuditEntry{}, "Seq"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			if !slices.IsSortedFunc(got, func(a, b collateral.AuditEntry) int { return int(b.Seq - a.Seq) }) {
				t.Errorf("%s: not the newest first: %v", name, got)
			}
		}
	})
}
