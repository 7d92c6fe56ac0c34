package collateral

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestBatchItemKeepsItsRow(t *testing.T) {
	t.Parallel()
	row, _ := ParseImportRow(goodCells())
	item := NewBatchItem(uuid.New(), 1, 2, row)
	got, err := item.Row()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(row, got); diff != "" {
		t.Errorf("the row comes back differently (-want +got):\n%s", diff)
	}
	other := row
	other.Summary += "."
	if NewBatchItem(uuid.New(), 1, 2, other).Digest == item.Digest {
		t.Error("a changed row has the same digest")
	}
	if NewBatchItem(uuid.New(), 7, 9, row).Digest != item.Digest {
		t.Error("the same row has another digest in another place")
	}
}

func TestStateOfABatchItem(t *testing.T) {
	t.Parallel()
	tag := []StageTag{{Stage: "validation", Role: strings.Repeat("a", MinRole), Primary: true}}
	tests := []struct {
		name   string
		stages []StageTag
		newest *Version
		want   ItemState
	}{
		{"complete", tag, &Version{State: Draft}, ItemDraft},
		{"without a stage", nil, &Version{State: Draft}, ItemIncomplete},
		{"without a primary stage", []StageTag{{Stage: "validation"}}, &Version{State: Draft}, ItemIncomplete},
		{"without bytes", tag, &Version{State: Draft, Purged: true}, ItemIncomplete},
		{"under review", nil, &Version{State: Submitted}, "in_review"},
		{"sent back", tag, &Version{State: ChangesRequested}, "changes_requested"},
		{"signed", tag, &Version{State: Approved}, "approved"},
	}
	for _, test := range tests {
		a := &Asset{Details: Details{Stages: test.stages}, Standing: Standing{Newest: test.newest}}
		if got := ItemStateOf(a); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestForWhomPiecesAreImported(t *testing.T) {
	t.Parallel()
	me, other := uuid.New(), uuid.New()
	tests := []struct {
		name  string
		actor []Role
		owner User
		want  string // how the refusal begins; empty for none
	}{
		{"a marketer's own", []Role{Marketer}, User{ID: me, Active: true, Roles: []Role{Marketer}}, ""},
		{"a marketer for another", []Role{Marketer}, User{ID: other, Active: true, Roles: []Role{Marketer}}, "You bring in pieces of your own"},
		{"an admin for a marketer", []Role{Admin}, User{ID: other, Active: true, Roles: []Role{Marketer}}, ""},
		{"an admin for a rep", []Role{Admin}, User{ID: other, Active: true, Roles: []Role{Rep, Leader}}, ""},
		{"an admin for an approver", []Role{Admin}, User{ID: other, Email: "ann@example.com", Active: true, Roles: []Role{Approver}}, "ann@example.com is neither marketer nor rep"},
		{"an admin who owns nothing", []Role{Admin}, User{ID: me, Email: "ada@example.com", Active: true, Roles: []Role{Admin}}, "ada@example.com is neither"},
		{"an admin for somebody who left", []Role{Admin}, User{ID: other, Roles: []Role{Marketer}}, "The account of"},
	}
	for _, test := range tests {
		err := CanImportFor(Actor{UserID: me, Roles: test.actor}, test.owner)
		if (err == nil) != (test.want == "") || err != nil && !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

func TestWhoSubmitsAnItem(t *testing.T) {
	t.Parallel()
	owner, coauthor, admin, version := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	imported := &Asset{OwnerID: owner, Coauthors: []uuid.UUID{coauthor}, Standing: Standing{Newest: &Version{ID: version}}}
	replaced := &Asset{OwnerID: owner, Standing: Standing{Newest: &Version{ID: uuid.New()}}}
	item := &BatchItem{VersionID: version}
	tests := []struct {
		name  string
		actor Actor
		asset *Asset
		want  Kind
	}{
		{"the owner", Actor{UserID: owner, Roles: []Role{Marketer}}, imported, 0},
		{"a co-author", Actor{UserID: coauthor, Roles: []Role{Rep}}, imported, 0},
		{"an admin", Actor{UserID: admin, Roles: []Role{Admin}}, imported, 0},
		{"an admin, once there is a newer version", Actor{UserID: admin, Roles: []Role{Admin}}, replaced, Conflict},
		{"the owner, once there is a newer version", Actor{UserID: owner, Roles: []Role{Marketer}}, replaced, 0},
		{"a marketer who handed it over", Actor{UserID: uuid.New(), Roles: []Role{Marketer}}, imported, Forbidden},
	}
	for _, test := range tests {
		if got := KindOf(CanSubmitItem(test.actor, item, test.asset)); got != test.want {
			t.Errorf("%s: got kind %d, want %d", test.name, got, test.want)
		}
	}
}
