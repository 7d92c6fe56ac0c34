package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"collateral/internal/collateral"
)

// reached panics in every operation, which answers 500: a request that got so far was let through.
type reached struct{ StrictServerInterface }

// TestWhoMayCallWhat sends a request without a body for every operation as every role and as nobody. Whom the contract
// admits gets past the door, to be refused or not by what lies behind it; all others are turned away with 401 or 403.
func TestWhoMayCallWhat(t *testing.T) {
	t.Parallel()
	h := checked(t, testPlumbing(t, reached{}))
	for _, o := range testContract(t).operations {
		t.Run(o.id, func(t *testing.T) {
			t.Parallel()
			path := BasePath + pathOf(o)
			check := func(who, token string, admitted bool, turnedAway int) {
				t.Helper()
				got := send(h, o.route.Method, path, token, "").Code
				if in := got != http.StatusUnauthorized && got != http.StatusForbidden; in != admitted || !in && got != turnedAway {
					t.Errorf("%s calling %s %s: got %d, admitted should be %v", who, o.route.Method, o.route.Path, got, admitted)
				}
			}
			check("nobody", "", o.public, http.StatusUnauthorized)
			for _, role := range collateral.Roles() {
				admitted := o.public || len(o.roles) == 0 || slices.Contains(o.roles, role)
				check(string(role), string(role), admitted, http.StatusForbidden)
			}
			check("somebody without a role", "none", o.public || len(o.roles) == 0, http.StatusForbidden)
			if len(o.roles) > 0 {
				check("somebody with one of the roles among others", "none+"+string(o.roles[0]), true, 0)
			}
		})
	}
}

// pathOf fills in the parameters of an operation's path.
func pathOf(o *operation) string {
	return strings.NewReplacer("{id}", someID, "{user}", someID, "{asset}", someID, "{flag}", someID, "{n}", "1", "{key}", "validation", "{facet}", "persona").Replace(o.route.Path)
}

// TestRolesInTheContract spells out who may call what, so that a change of it is seen for what it is.
func TestRolesInTheContract(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"signIn": "anybody", "signOut": "signed in", "getMe": "signed in", "changePassword": "signed in", "getMyData": "signed in", "anonymiseMe": "signed in",
		"listTokens": "signed in", "createToken": "signed in", "deleteToken": "signed in",
		"listUsers": "admin", "createUser": "admin", "updateUser": "admin", "anonymiseUser": "admin", "forgetVisitor": "admin",
		"listStages": "signed in", "putStage": "leader admin", "retireStage": "leader admin",
		"listAssets": "signed in", "getAsset": "signed in",
		"createAsset": "marketer rep", "updateAsset": "marketer rep", "deleteAsset": "marketer rep",
		"changeOwner": "signed in", "addCoauthor": "marketer rep", "removeCoauthor": "signed in",
		"submitAsset": "signed in", "unsubmitAsset": "signed in",
		"publishAsset": "signed in", "withdrawAsset": "signed in",
		"getAssetContent": "signed in", "listVersions": "signed in", "createVersion": "signed in",
		"getVersionContent": "signed in", "purgeVersion": "admin",
		"listReviews": "approver", "createReview": "approver", "signVersions": "approver", "getVersionChanges": "signed in",
		"listNotices": "signed in", "readNotice": "signed in", "readNotices": "signed in",
		"getMailChoice": "signed in", "setMailChoice": "signed in",
		"suggest": "signed in", "listSimilar": "signed in",
		"getAssetHistory": "signed in", "listLookalikes": "signed in",
		"listSynonyms": "signed in", "createSynonyms": "leader admin", "replaceSynonyms": "leader admin", "deleteSynonyms": "leader admin",
		"listFavourites": "signed in", "addFavourite": "signed in", "removeFavourite": "signed in", "listRecent": "signed in",
		"listCollections": "signed in", "createCollection": "signed in", "getCollection": "signed in", "renameCollection": "signed in",
		"deleteCollection": "signed in", "collect": "signed in", "uncollect": "signed in",
		"listFlags": "signed in", "flagAsset": "signed in", "settleFlag": "signed in",
		"listLinks": "signed in", "createLink": "signed in", "getLink": "signed in", "updateLink": "signed in",
		"revokeLink": "signed in", "listLinkVisits": "signed in",
		"search": "signed in", "recordUsage": "signed in", "reportUnused": "leader admin marketer",
		"reportUnusedTrend": "leader admin marketer", "reportCoverage": "leader admin marketer", "reportReviews": "leader admin marketer", "reportAdoption": "leader admin marketer", "reportSearches": "leader admin",
		"listBatches": "marketer admin", "createBatch": "marketer admin", "getBatch": "marketer admin",
		"listBatchItems": "marketer admin", "putBatchFile": "marketer admin", "listBatchDuplicates": "marketer admin",
		"submitBatch": "marketer admin", "exportAssets": "marketer admin",
		"listTaxonomies": "signed in", "putTaxonomy": "admin", "listAudit": "admin",
		"listWebhooks": "admin", "createWebhook": "admin", "getWebhook": "admin", "updateWebhook": "admin", "deleteWebhook": "admin",
		"rotateWebhookSecret": "admin", "testWebhook": "admin", "listWebhookDeliveries": "admin", "retryWebhookDelivery": "admin",
		"getState": "admin", "retryJob": "admin", "compareIndex": "admin",
	}
	got := map[string]string{}
	for _, o := range testContract(t).operations {
		switch {
		case o.public:
			got[o.id] = "anybody"
		case len(o.roles) == 0:
			got[o.id] = "signed in"
		default:
			got[o.id] = strings.Trim(fmt.Sprint(o.roles), "[]")
		}
	}
	for id := range want {
		if got[id] != want[id] {
			t.Errorf("%s may be called by %q, want %q", id, got[id], want[id])
		}
	}
	if len(got) != len(want) {
		t.Errorf("the contract has %d operations, this table %d", len(got), len(want))
	}
}
