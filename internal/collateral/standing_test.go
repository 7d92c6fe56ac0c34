package collateral

import (
	"fmt"
	"testing"
)

// versionStates are all states of a version.
func versionStates() []VersionState {
	return []VersionState{Draft, Submitted, ChangesRequested, Rejected, Approved}
}

func newest(n int, state VersionState) *Version { return &Version{N: n, State: state} }

// Every state of the newest version, for an asset that was never published, is, or was withdrawn, with the newest
// version being the one published or a later one.
func TestStandingState(t *testing.T) {
	t.Parallel()
	want := map[VersionState]struct{ never, withdrawn State }{
		Draft:            {AssetDraft, AssetWithdrawn},
		Submitted:        {AssetInReview, AssetInReview},
		ChangesRequested: {AssetChangesRequested, AssetChangesRequested},
		Rejected:         {AssetRejected, AssetRejected},
		Approved:         {AssetApproved, AssetApproved},
	}
	for _, state := range versionStates() {
		tests := map[string]struct {
			standing Standing
			want     State
			pending  int
		}{
			"never published":          {Standing{Newest: newest(1, state)}, want[state].never, 0},
			"published, newer version": {Standing{Newest: newest(2, state), LastPublished: 1, Publication: &Publication{VersionN: 1}}, AssetPublished, 2},
			"withdrawn, newer version": {Standing{Newest: newest(2, state), LastPublished: 1}, want[state].withdrawn, 0},
		}
		for name, tt := range tests {
			t.Run(fmt.Sprintf("%s, %s", name, state), func(t *testing.T) {
				t.Parallel()
				if got := tt.standing.State(); got != tt.want {
					t.Errorf("got state %s, want %s", got, tt.want)
				}
				if got := tt.standing.Pending(); got != tt.pending {
					t.Errorf("got pending version %d, want %d", got, tt.pending)
				}
			})
		}
	}
}

func TestStandingStateOfSameVersion(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		standing Standing
		want     State
	}{
		"nothing uploaded":                  {Standing{}, AssetDraft},
		"newest is published":               {Standing{Newest: newest(3, Approved), LastPublished: 3, Publication: &Publication{VersionN: 3}}, AssetPublished},
		"newest was withdrawn":              {Standing{Newest: newest(3, Approved), LastPublished: 3}, AssetWithdrawn},
		"an older one is published again":   {Standing{Newest: newest(3, Rejected), LastPublished: 2, Publication: &Publication{VersionN: 2}}, AssetPublished},
		"published, and nothing else known": {Standing{Publication: &Publication{VersionN: 1}}, AssetPublished},
	}
	for name, tt := range tests {
		if got := tt.standing.State(); got != tt.want {
			t.Errorf("%s: got state %s, want %s", name, got, tt.want)
		}
	}
}

// Every state that can be derived is listed, and the other way round.
func TestStatesAreAll(t *testing.T) {
	t.Parallel()
	derived := map[State]bool{}
	for _, state := range versionStates() {
		for last := range 3 {
			for _, p := range []*Publication{nil, {VersionN: last}} {
				derived[Standing{Newest: newest(2, state), LastPublished: last, Publication: p}.State()] = true
			}
		}
	}
	for _, s := range States() {
		if !derived[s] {
			t.Errorf("state %s is listed and never derived", s)
		}
		delete(derived, s)
	}
	if len(derived) > 0 {
		t.Errorf("states derived and not listed: %v", derived)
	}
}
