package collateral

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// Every role, as every kind of person, on a version in every state, newest or superseded.
func TestCanReview(t *testing.T) {
	t.Parallel()
	var (
		stranger  = uuid.New()
		owner     = uuid.New()
		coauthor  = uuid.New()
		uploader  = uuid.New()
		submitted = uuid.New() // a contributor at submission who is not named any more
	)
	people := []struct {
		name        string
		id          uuid.UUID
		contributor bool
	}{
		{"stranger", stranger, false},
		{"owner", owner, true},
		{"co-author", coauthor, true},
		{"uploader", uploader, true},
		{"contributor at submission", submitted, true},
	}
	for _, role := range Roles() {
		for _, person := range people {
			for _, state := range versionStates() {
				for _, superseded := range []bool{false, true} {
					name := fmt.Sprintf("%s who is %s, version %s, superseded %v", role, person.name, state, superseded)
					v := &Version{N: 1, State: state, UploadedBy: uploader, Contributors: []uuid.UUID{submitted}}
					a := &Asset{OwnerID: owner, Coauthors: []uuid.UUID{coauthor}, Standing: Standing{Newest: v}}
					if superseded {
						a.Newest = newest(2, Draft)
					}
					want := Conflict
					switch {
					case role != Approver, person.contributor:
						want = Forbidden
					case state == Submitted && !superseded:
						want = Internal
					}
					err := CanReview(Actor{UserID: person.id, Roles: []Role{role}}, a, v)
					if got := KindOf(err); got != want || (err == nil) != (want == Internal) {
						t.Errorf("%s: got %v (kind %v), want kind %v", name, err, got, want)
					}
				}
			}
		}
	}
}

func TestCanReviewWithSeveralRoles(t *testing.T) {
	t.Parallel()
	v := newest(1, Submitted)
	a := &Asset{OwnerID: uuid.New(), Standing: Standing{Newest: v}}
	if err := CanReview(Actor{UserID: uuid.New(), Roles: []Role{Rep, Approver, Admin}}, a, v); err != nil {
		t.Errorf("an approver with further roles: got %v, want allowed", err)
	}
}

func TestDecisionOutcome(t *testing.T) {
	t.Parallel()
	tests := []struct {
		decision Decision
		want     VersionState
		ok       bool
	}{
		{Approve, Approved, true},
		{RequestChanges, ChangesRequested, true},
		{Reject, Rejected, true},
		{"", "", false},
		{"approved", "", false},
	}
	for _, tt := range tests {
		if got, ok := tt.decision.Outcome(); got != tt.want || ok != tt.ok {
			t.Errorf("outcome of %q: got %q %v, want %q %v", tt.decision, got, ok, tt.want, tt.ok)
		}
	}
}

func TestCheckReview(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 4001)
	tests := []struct {
		decision Decision
		comment  string
		want     []string
	}{
		{Approve, "", nil},
		{Approve, "Good.\nVery good.", nil},
		{Approve, long, []string{"/comment"}},
		{Approve, "a\x00", []string{"/comment"}},
		{RequestChanges, "", []string{"/comment"}},
		{RequestChanges, " \n\t ", []string{"/comment"}},
		{RequestChanges, "The prices are old.", nil},
		{Reject, "", []string{"/comment"}},
		{Reject, "We do not sell this.", nil},
		{"maybe", "Well.", []string{"/decision"}},
		{"", "", []string{"/decision", "/comment"}},
	}
	for _, tt := range tests {
		if got := pointers(CheckReview(tt.decision, tt.comment)); !slices.Equal(got, tt.want) {
			t.Errorf("%q with %.20q: got faulty fields %v, want %v", tt.decision, tt.comment, got, tt.want)
		}
	}
}

func TestAssetIsContributor(t *testing.T) {
	t.Parallel()
	owner, coauthor, other := uuid.New(), uuid.New(), uuid.New()
	a := &Asset{OwnerID: owner, Coauthors: []uuid.UUID{coauthor}}
	want := map[uuid.UUID]bool{owner: true, coauthor: true, other: false}
	got := map[uuid.UUID]bool{}
	for id := range want {
		got[id] = a.IsContributor(id)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contributors (-want +got):\n%s", diff)
	}
}
