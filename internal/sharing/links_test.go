package sharing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

func TestLinkIsMade(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck, prices := w.published("Deck"), w.publishedFor("Prices", collateral.ForPartner)
		end := w.Store.Now().Add(24 * time.Hour)
		l := w.made(collateral.NewLink{
			Assets: []uuid.UUID{prices, deck, prices}, Recipient: "Jo Doe", RecipientEmail: "Jo@Example.com", Opportunity: "OPP-1", Passcode: "open sesame",
			LinkTerms: collateral.LinkTerms{ExpiresAt: &end, EmailGate: collateral.GateAsk, Allowed: []string{"@Example.com", "jo@example.org"}, Downloads: true, MaxOpens: 3},
		})
		if want := "https://collateral.example.com/s/" + l.Token; l.Address != want || len(l.Token) != 24 {
			t.Errorf("got address %s, want %s", l.Address, want)
		}
		got := must(w.Link(ctx, w.rita, l.ID))(t)
		if diff := cmp.Diff(l, got); diff != "" {
			t.Errorf("read again (-made +read):\n%s", diff)
		}
		if got.Title != "Prices" || got.State != collateral.LinkLive || got.RecipientEmail != "jo@example.com" {
			t.Errorf("got %+v", got.Link)
		}
		if diff := cmp.Diff([]collateral.LinkedPiece{{AssetID: prices, Title: "Prices"}, {AssetID: deck, Title: "Deck"}}, got.Pieces); diff != "" {
			t.Errorf("pieces (-want +got):\n%s", diff)
		}
	})
}

// That a link was made is a use of each of its pieces, once, however often the job runs.
func TestMakingALinkIsAShare(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, b := w.published("Deck"), w.published("Prices")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{a, b}, Opportunity: "OPP-1"})
		w.work()
		for range 2 {
			if err := w.RecordShared(ctx, l.ID); err != nil {
				t.Fatal(err)
			}
		}
		uses := must(w.Store.UsesOf(ctx, w.rita.UserID, l.CreatedAt.Add(-time.Hour), 10))(t)
		var shared []uuid.UUID
		for _, u := range uses {
			if u.Kind != collateral.Share || !u.OccurredAt.Equal(l.CreatedAt) {
				t.Errorf("got use %+v, want a share at %s", u, l.CreatedAt)
			}
			shared = append(shared, u.AssetID)
		}
		if len(shared) != 2 || !slices.Contains(shared, a) || !slices.Contains(shared, b) {
			t.Errorf("got shares of %v, want one of each of %s and %s", shared, a, b)
		}
		if err := w.RecordShared(ctx, uuid.New()); err != nil {
			t.Errorf("a link that is gone: %v", err)
		}
	})
}

func TestWhatALinkCannotHold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		good, own, gone := w.published("Deck"), w.publishedFor("Battlecard", collateral.ForInternal), w.published("Gone")
		if _, err := w.pieces.Withdraw(ctx, w.mia, gone, "It is old."); err != nil {
			t.Fatal(err)
		}
		_, err := w.Make(ctx, w.rita, collateral.NewLink{
			Assets: []uuid.UUID{own, good, gone, uuid.New()}, Passcode: "1",
			LinkTerms: collateral.LinkTerms{EmailGate: collateral.GateVerified},
		})
		wantKind(t, "everything wrong", err, collateral.Invalid, "/passcode", "/email_gate", "/assets/0", "/assets/2", "/assets/3")
		_, err = w.Make(ctx, w.rita, collateral.NewLink{Assets: []uuid.UUID{good}, Recipient: "Ольга", LinkTerms: collateral.LinkTerms{Watermark: true}})
		wantKind(t, "a name that cannot be written", err, collateral.Invalid, "/watermark")
		if all, _, err := w.Links(ctx, w.ada, sharing.Filter{}, collateral.Paging{Limit: 10}); err != nil || len(all) != 0 {
			t.Errorf("got links %v and error %v, want none", all, err)
		}
	})
}

func TestWhoSeesLinks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck, other := w.published("Deck"), w.published("Other")
		if _, err := w.pieces.AddCoauthor(ctx, w.mia, other, w.max.UserID); err != nil {
			t.Fatal(err)
		}
		ritas := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		robs := must(w.Make(ctx, w.rob, collateral.NewLink{Assets: []uuid.UUID{other}}))(t)
		for name, tt := range map[string]struct {
			actor  collateral.Actor
			filter sharing.Filter
			want   []uuid.UUID
		}{
			"rita":                {w.rita, sharing.Filter{}, []uuid.UUID{ritas.ID}},
			"rob":                 {w.rob, sharing.Filter{}, []uuid.UUID{robs.ID}},
			"the owner of both":   {w.mia, sharing.Filter{}, []uuid.UUID{robs.ID, ritas.ID}},
			"the owner, of one":   {w.mia, sharing.Filter{Asset: deck}, []uuid.UUID{ritas.ID}},
			"a co-author of one":  {w.max, sharing.Filter{}, []uuid.UUID{robs.ID}},
			"an admin":            {w.ada, sharing.Filter{}, []uuid.UUID{robs.ID, ritas.ID}},
			"an admin, of rob's":  {w.ada, sharing.Filter{Maker: w.rob.UserID}, []uuid.UUID{robs.ID}},
			"a leader":            {w.lea, sharing.Filter{}, nil},
			"rita, of rob's":      {w.rita, sharing.Filter{Maker: w.rob.UserID}, nil},
			"rita, of rob's deck": {w.rita, sharing.Filter{Asset: other}, nil},
		} {
			all, _, err := w.Links(ctx, tt.actor, tt.filter, collateral.Paging{Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			var got []uuid.UUID
			for _, l := range all {
				got = append(got, l.ID)
				if own := l.CreatedBy == tt.actor.UserID; own != (l.Token != "") || own != (l.Address != "") {
					t.Errorf("%s sees token %q and address %q of a link that is the own one: %v", name, l.Token, l.Address, own)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		_, err := w.Link(ctx, w.rob, ritas.ID)
		wantKind(t, "another rep reads", err, collateral.NotFound)
		_, _, err = w.Visits(ctx, w.lea, ritas.ID, collateral.Paging{Limit: 10})
		wantKind(t, "a leader reads the visits", err, collateral.NotFound)
		_, err = w.Revoke(ctx, w.rob, ritas.ID)
		wantKind(t, "another rep revokes", err, collateral.NotFound)
		_, err = w.Revoke(ctx, w.mia, ritas.ID)
		wantKind(t, "the owner of the piece revokes", err, collateral.Forbidden)
	})
}

func TestLinksArePaged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck := w.published("Deck")
		var want []uuid.UUID
		for range 5 {
			want = append(want, w.made(collateral.NewLink{Assets: []uuid.UUID{deck}}).ID)
		}
		slices.Reverse(want)
		var got []uuid.UUID
		for paging := (collateral.Paging{Limit: 2}); ; {
			page, next, err := w.Links(ctx, w.rita, sharing.Filter{Asset: deck, Maker: w.rita.UserID}, paging)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range page {
				got = append(got, l.ID)
			}
			if paging.Cursor = next; next == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages (-want +got):\n%s", diff)
		}
	})
}

func TestLinkIsChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}})
		narrow := func(terms *collateral.LinkTerms) {
			terms.EmailGate, terms.Allowed, terms.MaxOpens, terms.Downloads = collateral.GateAsk, []string{"B@example.com", "a@example.com"}, 2, true
			terms.ExpiresAt = new(w.Store.Now().Add(time.Hour))
		}
		after := must(w.Change(ctx, w.rita, l.ID, new(int64(1)), new("open sesame"), narrow))(t)
		if after.Revision != 2 || after.PasscodeAt == nil || after.MaxOpens != 2 || !after.Downloads || !slices.Equal(after.Allowed, []string{"a@example.com", "b@example.com"}) {
			t.Errorf("got %+v", after.Link)
		}
		same := must(w.Change(ctx, w.ada, l.ID, new(int64(2)), nil, func(*collateral.LinkTerms) {}))(t)
		if same.Revision != 2 || same.PasscodeHash != after.PasscodeHash {
			t.Errorf("after a change of nothing: got revision %d, want 2 and the same passcode", same.Revision)
		}
		_, err := w.Change(ctx, w.rita, l.ID, new(int64(1)), nil, narrow)
		wantKind(t, "a revision of before", err, collateral.Stale)
		_, err = w.Change(ctx, w.rita, l.ID, nil, nil, narrow)
		wantKind(t, "no revision", err, collateral.Unconditional)
		_, err = w.Change(ctx, w.mia, l.ID, new(int64(2)), nil, narrow)
		wantKind(t, "the owner of the piece", err, collateral.Forbidden)
		_, err = w.Change(ctx, w.rita, l.ID, new(int64(2)), new("short"), func(terms *collateral.LinkTerms) { terms.EmailGate = collateral.GateNone })
		wantKind(t, "faulty terms", err, collateral.Invalid, "/allowed", "/passcode")
		free := must(w.Change(ctx, w.rita, l.ID, new(int64(2)), new(""), func(*collateral.LinkTerms) {}))(t)
		if free.PasscodeHash != "" || free.PasscodeAt != nil || free.Revision != 3 {
			t.Errorf("got %+v, want no passcode", free.Link)
		}
		revoked := must(w.Revoke(ctx, w.ada, l.ID))(t)
		if revoked.State != collateral.LinkRevoked || revoked.RevokedBy != w.ada.UserID {
			t.Errorf("got %+v, want it revoked by ada", revoked.Link)
		}
		again := must(w.Revoke(ctx, w.rita, l.ID))(t)
		if again.RevokedBy != w.ada.UserID || again.Revision != revoked.Revision {
			t.Errorf("revoked again: got %+v, want it as it was", again.Link)
		}
		_, err = w.Change(ctx, w.rita, l.ID, &again.Revision, nil, narrow)
		wantKind(t, "a link that was revoked", err, collateral.Conflict)
		entries, _, err := w.Store.AuditLog(ctx, collateral.AuditFilter{SubjectKind: "link", SubjectID: l.ID.String()}, collateral.Paging{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var actions []string
		for _, e := range entries {
			actions = append(actions, e.Action)
		}
		if diff := cmp.Diff([]string{"link.revoked", "link.changed", "link.changed", "link.made"}, actions); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}

func TestLinksAreNarrowed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.published("Fleet deck")
		live := w.made(collateral.NewLink{Assets: []uuid.UUID{id}, Title: "For Kestermoor", Recipient: "Jo Doe", Opportunity: "OPP_1"})
		revoked := w.made(collateral.NewLink{Assets: []uuid.UUID{id}, Title: "Revoked"})
		must(w.Revoke(t.Context(), w.rita, revoked.ID))(t)
		expired := w.made(collateral.NewLink{Assets: []uuid.UUID{id}, Title: "Expired", LinkTerms: collateral.LinkTerms{ExpiresAt: new(w.Store.Now().Add(time.Hour))}})
		usedUp := w.made(collateral.NewLink{Assets: []uuid.UUID{id}, Title: "Used up", LinkTerms: collateral.LinkTerms{MaxOpens: 1}})
		d := must(w.Open(t.Context(), sharing.Request{Token: usedUp.Token}))(t)
		must(w.Enter(t.Context(), sharing.Request{Token: usedUp.Token, Key: d.Key}))(t)
		w.later(2 * time.Hour)
		for name, tt := range map[string]struct {
			filter sharing.Filter
			want   []uuid.UUID
		}{
			"everything":       {sharing.Filter{}, []uuid.UUID{usedUp.ID, expired.ID, revoked.ID, live.ID}},
			"open":             {sharing.Filter{Live: new(true)}, []uuid.UUID{live.ID}},
			"over":             {sharing.Filter{Live: new(false)}, []uuid.UUID{usedUp.ID, expired.ID, revoked.ID}},
			"whom it is for":   {sharing.Filter{Words: "jo d"}, []uuid.UUID{live.ID}},
			"opportunity":      {sharing.Filter{Words: "opp_1"}, []uuid.UUID{live.ID}},
			"no pattern":       {sharing.Filter{Words: "opp%1"}, nil},
			"a piece's title":  {sharing.Filter{Words: "FLEET", Live: new(true), Maker: w.rita.UserID}, []uuid.UUID{live.ID}},
			"somebody else's":  {sharing.Filter{Words: "fleet", Maker: w.rob.UserID}, nil},
			"the title itself": {sharing.Filter{Words: "Used"}, []uuid.UUID{usedUp.ID}},
		} {
			links, _, err := w.Links(t.Context(), w.ada, tt.filter, collateral.Paging{Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			var got []uuid.UUID
			for _, l := range links {
				got = append(got, l.ID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}
