package collateral

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func noTags() []StageTag { return nil }

func noPrimary() []StageTag { return []StageTag{{Stage: "problem", Role: roleText}} }

func withPrimary() []StageTag { return []StageTag{{Stage: "problem", Role: roleText, Primary: true}} }

func assetWith(v *Version, tags []StageTag) *Asset {
	return &Asset{Details: Details{Stages: tags}, Standing: Standing{Newest: v}}
}

// Every state of the newest version, with complete tags and none, and purged or not.
func TestCanSubmit(t *testing.T) {
	t.Parallel()
	file, tags := "/versions", "/stages"
	tests := map[VersionState]struct {
		kind    Kind // without anything missing
		missing []string
	}{
		Draft:            {Internal, nil},
		Submitted:        {Conflict, nil},
		ChangesRequested: {Gate, []string{file}},
		Rejected:         {Gate, []string{file}},
		Approved:         {Conflict, nil},
	}
	for _, state := range versionStates() {
		tt := tests[state]
		for _, purged := range []bool{false, true} {
			for _, tagged := range []bool{true, false} {
				name := fmt.Sprintf("%s, purged %v, tagged %v", state, purged, tagged)
				v := newest(1, state)
				v.Purged = purged
				asset, kind, missing := assetWith(v, withPrimary()), tt.kind, tt.missing
				if kind != Conflict {
					if purged {
						missing = []string{file}
					}
					if !tagged {
						asset.Stages = noTags()
						missing = append(slices.Clip(missing), tags)
					}
					if len(missing) > 0 {
						kind = Gate
					}
				}
				err := CanSubmit(asset)
				if got := KindOf(err); got != kind || (err == nil) != (kind == Internal) {
					t.Errorf("%s: got %v (kind %v), want kind %v", name, err, got, kind)
				}
				if diff := cmp.Diff(missing, pointers(err)); diff != "" {
					t.Errorf("%s: missing (-want +got):\n%s", name, diff)
				}
			}
		}
	}
}

func TestCanSubmitListsAllThatIsMissing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		asset *Asset
		want  []string
	}{
		"nothing there":    {assetWith(nil, noTags()), []string{"/versions", "/stages"}},
		"no file":          {assetWith(nil, withPrimary()), []string{"/versions"}},
		"no primary stage": {assetWith(newest(1, Draft), noPrimary()), []string{"/stages"}},
	}
	for name, tt := range tests {
		if diff := cmp.Diff(tt.want, pointers(CanSubmit(tt.asset))); diff != "" {
			t.Errorf("%s: missing (-want +got):\n%s", name, diff)
		}
	}
}

func TestMissingForPublication(t *testing.T) {
	t.Parallel()
	purged := newest(1, Approved)
	purged.Purged = true
	tests := map[string]struct {
		asset *Asset
		want  []string
	}{
		"nothing there":               {assetWith(nil, noTags()), []string{"/versions", "/stages", "/submission", "/approval"}},
		"draft, no tags":              {assetWith(newest(1, Draft), noTags()), []string{"/stages", "/submission", "/approval"}},
		"draft, no primary":           {assetWith(newest(1, Draft), noPrimary()), []string{"/stages", "/submission", "/approval"}},
		"draft, tagged":               {assetWith(newest(1, Draft), withPrimary()), []string{"/submission", "/approval"}},
		"submitted":                   {assetWith(newest(1, Submitted), withPrimary()), []string{"/approval"}},
		"submitted, tags removed now": {assetWith(newest(1, Submitted), noTags()), []string{"/approval"}},
		"changes requested":           {assetWith(newest(1, ChangesRequested), withPrimary()), []string{"/versions", "/approval"}},
		"rejected":                    {assetWith(newest(1, Rejected), withPrimary()), []string{"/versions", "/approval"}},
		"approved":                    {assetWith(newest(1, Approved), withPrimary()), nil},
		"approved, purged":            {assetWith(purged, withPrimary()), []string{"/versions"}},
	}
	for name, tt := range tests {
		err := MissingForPublication(tt.asset)
		if diff := cmp.Diff(tt.want, pointers(err)); diff != "" {
			t.Errorf("%s: missing (-want +got):\n%s", name, diff)
		}
		if tt.want != nil && KindOf(err) != Gate {
			t.Errorf("%s: got kind %v, want Gate", name, KindOf(err))
		}
		if tt.want == nil && err != nil {
			t.Errorf("%s: got %v, want nothing missing", name, err)
		}
	}
}
