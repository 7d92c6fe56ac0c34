package store_test

import (
	"strings"

	"collateral/internal/store"
)

// attack is a statement that the gate refuses, beside one of the same shape that it lets through.
type attack struct {
	name    string
	only    string   // a dialect; empty for both
	after   []string // legal statements that lead up to it
	attack  string
	byKey   bool // a key or a type may refuse it before the gate does
	control string
}

const roleText = "'Shows the buyer what waiting costs'"

// unseen is a role text of characters that nobody sees, and too few others.
var unseen = "'" + strings.Repeat("\u200b\u00a0\ufeff\u2060", 6) + "short'"

var attacks = []attack{
	// Versions: born draft, frozen when submitted.
	{name: "a version born submitted",
		attack:  `insert into versions (id, asset_id, n, sha256, uploaded_by, audience, submitted_at, state) values ({x}, {deck}, 9, {sha x}, {ann}, 'internal', {@09}, 'submitted')`,
		control: `insert into versions (id, asset_id, n, sha256, uploaded_by, audience, submitted_at, state) values ({x}, {deck}, 9, {sha x}, {ann}, 'internal', null, 'draft')`},
	{name: "a version born approved",
		attack:  `insert into versions (id, asset_id, n, sha256, uploaded_by, audience, submitted_at, state) values ({x}, {deck}, 9, {sha x}, {ann}, 'internal', {@09}, 'approved')`,
		control: `insert into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 9, {sha x}, {ann})`},
	{name: "a draft born with a time of submission",
		attack:  `insert into versions (id, asset_id, n, sha256, uploaded_by, submitted_at) values ({x}, {deck}, 9, {sha x}, {ann}, {@09})`,
		control: `insert into versions (id, asset_id, n, sha256, uploaded_by, submitted_at) values ({x}, {deck}, 9, {sha x}, {ann}, null)`},
	{name: "other bytes after the submit",
		attack:  `update versions set sha256 = {sha x} where id = {v3}`,
		control: `update versions set sha256 = {sha x} where id = {v4}`},
	{name: "other bytes after the approval",
		attack:  `update versions set sha256 = {sha x}, size = 7, file_name = 'x.pdf' where id = {v1}`,
		control: `update versions set sha256 = {sha x}, size = 7, file_name = 'x.pdf' where id = {v4}`},
	{name: "another audience after the submit",
		attack:  `update versions set audience = 'internal' where id = {v3}`,
		control: `update versions set audience = 'internal' where id = {v4}`},
	{name: "submitted earlier than it was",
		attack:  `update versions set submitted_at = {@01} where id = {v3}`,
		control: submit("v4", 9)},
	{name: "a time of submission on a draft", attack: `update versions set submitted_at = {@09} where id = {v4}`, control: `update versions set submitted_at = null where id = {v4}`},
	{name: "the note of an approved version", attack: `update versions set note = 'x' where id = {v1}`, control: `update versions set note = 'x' where id = {v4}`},
	{name: "ids swapped by update", attack: `update versions set id = {x} where id = {v4}`, control: `update versions set note = 'x' where id = {v4}`},
	{name: "a draft moved to another asset", attack: `update versions set asset_id = {memo} where id = {v4}`, control: `update versions set note = 'x' where id = {v4}`},
	{name: "a draft renumbered onto an approved one", attack: `update versions set n = 1 where id = {v4}`, control: `update versions set note = 'x' where id = {v4}`},
	{name: "a draft renumbered with replace", only: store.SQLite, attack: `update or replace versions set n = 1 where id = {v4}`, control: `update or replace versions set note = 'x' where id = {v4}`},
	{name: "a draft made an approved one with replace", only: store.SQLite, attack: `update or replace versions set id = {v1} where id = {v4}`, control: `update or replace versions set note = 'x' where id = {v4}`},
	{name: "another uploader", attack: `update versions set uploaded_by = {rep} where id = {v4}`, control: `update versions set note = 'x' where id = {v4}`},
	{name: "a null state that turns into the default", only: store.SQLite, attack: `update or replace versions set state = null where id = {v1}`, control: `update or replace versions set state = 'draft' where id = {v4}`},
	{name: "a version replaced by its id", only: store.SQLite,
		attack:  `insert or replace into versions (id, asset_id, n, sha256, uploaded_by) values ({v3}, {deck}, 3, {sha x}, {rep})`,
		control: `insert or replace into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 5, {sha x}, {rep})`},
	{name: "a version replaced by its number", only: store.SQLite,
		attack:  `replace into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 1, {sha x}, {rep})`,
		control: `replace into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 5, {sha x}, {rep})`},
	{name: "a version replaced by its hidden rowid", only: store.SQLite, byKey: true,
		attack:  `insert or replace into versions (rowid, id, asset_id, n, sha256, uploaded_by) values (1, {x}, {deck}, 5, {sha x}, {rep})`,
		control: `insert or replace into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 5, {sha x}, {rep})`},
	{name: "a version overwritten on conflict", byKey: true,
		attack:  `insert into versions (id, asset_id, n, sha256, uploaded_by) values ({v1}, {deck}, 1, {sha x}, {rep}) on conflict (id) do update set sha256 = excluded.sha256`,
		control: `insert into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 9, {sha x}, {rep}) on conflict (id) do update set sha256 = excluded.sha256`},

	{name: "a version under an id of bytes", only: store.SQLite, attack: `insert into versions (id, asset_id, n, sha256, uploaded_by) values (cast({x} as blob), {deck}, 9, {sha x}, {ann})`, control: `insert into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 9, {sha x}, {ann})`},
	{name: "a version between two others", only: store.SQLite, attack: `insert into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 1.5, {sha x}, {ann})`, control: `insert into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 9, {sha x}, {ann})`},
	{name: "a size that is no number", only: store.SQLite, attack: `update versions set size = 'big' where id = {v4}`, control: `update versions set size = 7 where id = {v4}`},
	{name: "a version with a hash in capitals", attack: `insert into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 9, upper({sha x}), {ann})`, control: `insert into versions (id, asset_id, n, sha256, uploaded_by) values ({x}, {deck}, 9, {sha x}, {ann})`},
	{name: "a draft with half a hash", attack: `update versions set sha256 = substr({sha x}, 32) where id = {v4}`, control: `update versions set sha256 = {sha x} where id = {v4}`},

	// States.
	{name: "approved without a signature", attack: decide("v3", "approved"), after: nil, control: decide("v3", "changes_requested")},
	{name: "approved out of a draft", attack: `update versions set state = 'approved', audience = 'internal', submitted_at = {@09} where id = {v4}`, control: submit("v4", 9)},
	{name: "back from approved", attack: decide("v2", "draft"), control: decide("v3", "draft")},
	{name: "back from rejected", attack: decide("w1", "submitted"), control: submit("v4", 9)},
	{name: "rejected after it was signed", after: []string{approve("a3", "v3", "deck", "sue", 9)}, attack: decide("v3", "rejected"), control: decide("v3", "approved")},
	{name: "unsubmitted after it was signed", after: []string{approve("a3", "v3", "deck", "sue", 9)}, attack: `update versions set state = 'draft', audience = null, submitted_at = null where id = {v3}`, control: decide("v3", "approved")},
	{name: "unsubmitted with other bytes", attack: `update versions set state = 'draft', audience = null, submitted_at = null, sha256 = {sha x} where id = {v3}`, control: `update versions set state = 'draft', audience = null, submitted_at = null where id = {v3}`},
	{name: "submitted without a tag", attack: submit("w2", 9), control: submit("v4", 9)},
	{name: "submitted without a primary tag", after: []string{`update version_stages set is_primary = false where version_id = {v4}`}, attack: submit("v4", 9), control: `update version_stages set is_primary = true where version_id = {v4}`},
	{name: "submitted without an audience", attack: `update versions set submitted_at = {@09}, state = 'submitted' where id = {v4}`, control: submit("v4", 9)},
	{name: "submitted without a time", attack: `update versions set audience = 'internal', state = 'submitted' where id = {v4}`, control: submit("v4", 9)},
	{name: "a submitted version deleted", attack: `delete from versions where id = {v3}`, after: []string{`delete from version_stages where version_id = {v4}`, `delete from contributors where version_id = {v4}`}, control: `delete from versions where id = {v4}`},
	{name: "a draft deleted before its tags", attack: `delete from versions where id = {v4}`, control: `delete from version_stages where version_id = {v4}`},

	{name: "submitted at a time in another form", only: store.SQLite, attack: strings.Replace(submit("v4", 9), "{@09}", "'2026-03-01T09:00:00Z'", 1), control: submit("v4", 9)},
	{name: "submitted at no time", only: store.Postgres, attack: strings.Replace(submit("v4", 9), "{@09}", "'-infinity'", 1), control: submit("v4", 9)},

	// Tags and contributors of a submitted version.
	{name: "a tag added after the submit", attack: `insert into version_stages (version_id, stage_id, role_in_stage) values ({v3}, {other}, ` + roleText + `)`, control: `insert into version_stages (version_id, stage_id, role_in_stage) values ({v4}, {other}, ` + roleText + `)`},
	{name: "a tag's role text changed after the submit", attack: `update version_stages set role_in_stage = 'Something Sales never saw here' where version_id = {v3}`, control: `update version_stages set role_in_stage = 'Something Sales never saw here' where version_id = {v4}`},
	{name: "a tag deleted after the submit", attack: `delete from version_stages where version_id = {v3}`, control: `delete from version_stages where version_id = {v4}`},
	{name: "a tag moved in from a draft", after: []string{`update version_stages set stage_id = stage_id where version_id = {v4}`}, attack: `update version_stages set version_id = {v2} where version_id = {v4}`, control: `update version_stages set is_primary = false where version_id = {v4}`},
	{name: "a tag moved out to a draft", attack: `update version_stages set version_id = {w2} where version_id = {v3}`, control: `update version_stages set is_primary = false where version_id = {v4}`},
	{name: "a tag's stage changed", attack: `update version_stages set stage_id = {other} where version_id = {v1}`, control: `update version_stages set is_primary = false where version_id = {v4}`},
	{name: "a tag replaced", only: store.SQLite, attack: `insert or replace into version_stages (version_id, stage_id, role_in_stage, is_primary) values ({v3}, {early}, 'Something Sales never saw here', 1)`, control: `insert or replace into version_stages (version_id, stage_id, role_in_stage, is_primary) values ({w2}, {early}, 'Something Sales never saw here', 1)`},
	{name: "a tag replaced through the primary one", only: store.SQLite, attack: `insert or replace into version_stages (version_id, stage_id, role_in_stage, is_primary) values ({v1}, {other}, 'Something Sales never saw here', 1)`, control: `insert or replace into version_stages (version_id, stage_id, role_in_stage, is_primary) values ({w2}, {other}, 'Something Sales never saw here', 1)`},
	{name: "a tag moved with update or replace", only: store.SQLite, attack: `update or replace version_stages set version_id = {v3} where version_id = {v4}`, control: `update or replace version_stages set is_primary = 0 where version_id = {v4}`},
	{name: "a tag with a short role text", attack: `insert into version_stages (version_id, stage_id, role_in_stage) values ({v4}, {other}, '  too short to say  ')`, control: `insert into version_stages (version_id, stage_id, role_in_stage) values ({v4}, {other}, ` + roleText + `)`},
	{name: "a tag with a role text that nobody sees", attack: `insert into version_stages (version_id, stage_id, role_in_stage) values ({v4}, {other}, ` + unseen + `)`, control: `insert into version_stages (version_id, stage_id, role_in_stage) values ({v4}, {other}, ` + roleText + `)`},
	{name: "a tag's role text made one that nobody sees", attack: `update version_stages set role_in_stage = ` + unseen + ` where version_id = {v4}`, control: `update version_stages set role_in_stage = ` + roleText + ` where version_id = {v4}`},
	{name: "a tag for a stage that is not there", attack: `insert into version_stages (version_id, stage_id, role_in_stage) values ({v4}, {nowhere}, ` + roleText + `)`, control: `insert into version_stages (version_id, stage_id, role_in_stage) values ({v4}, {other}, ` + roleText + `)`},
	{name: "a contributor added after the submit", attack: contributor("v3", "rep"), control: contributor("v4", "rep")},
	{name: "a contributor removed after the submit", attack: `delete from contributors where version_id = {v3} and user_id = {carl}`, control: `delete from contributors where version_id = {v4} and user_id = {carl}`},
	{name: "a contributor changed into another", attack: `update contributors set user_id = {rep} where version_id = {v3} and user_id = {carl}`, control: `delete from contributors where version_id = {v4} and user_id = {carl}`},
	{name: "a contributor moved away", attack: `update contributors set version_id = {w2} where version_id = {v3} and user_id = {carl}`, control: contributor("w2", "carl")},
	{name: "a contributor to no version", attack: contributor("nowhere", "rep"), control: contributor("v4", "rep")},

	// Signatures.
	{name: "a signer without the role", attack: approve("a3", "v3", "deck", "rep", 9), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signer whose grant had ended", attack: approve("a3", "v3", "deck", "olga", 9), control: approve("a3", "v3", "deck", "sam", 9)},
	{name: "a signer whose grant ended at that moment", after: []string{`update role_grants set revoked_at = {@09} where user_id = {sam}`}, attack: approve("a3", "v3", "deck", "sam", 9), control: approve("a3", "v3", "deck", "sam", 8)},
	{name: "a signer whose grant begins later", after: []string{`insert into role_grants (user_id, role, granted_at) values ({new}, 'approver', {@10})`}, attack: approve("a3", "v3", "deck", "new", 9), control: approve("a3", "v3", "deck", "new", 10)},
	{name: "a signer in another role", attack: `insert into approvals (id, version_id, asset_id, sha256, signer_id, role_held, signed_at) values ({a3}, {v3}, {deck}, {sha v3}, {ann}, 'marketer', {@09})`, control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "an approver who contributed", after: []string{`update versions set state = 'draft' where id = {v3}`, contributor("v3", "sam"), submit("v3", 9)}, attack: approve("a3", "v3", "deck", "sam", 9), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "an approver who uploaded", after: []string{version("x", "deck", 9, "sam"), tag("x", "early"), submit("x", 9)}, attack: approve("a3", "x", "deck", "sam", 9), control: approve("a3", "x", "deck", "sue", 9)},
	{name: "an approver who became the owner since", after: []string{`update assets set owner_id = {sam} where id = {deck}`}, attack: approve("a3", "v3", "deck", "sam", 9), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "an approver named co-author since", after: []string{`insert into coauthors (asset_id, user_id) values ({deck}, {sam})`}, attack: approve("a3", "v3", "deck", "sam", 9), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signature on other bytes", attack: `insert into approvals (id, version_id, asset_id, sha256, signer_id, role_held, signed_at) values ({a3}, {v3}, {deck}, {sha x}, {sue}, 'approver', {@09})`, control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signature for another asset", attack: approve("a3", "v3", "memo", "sue", 9), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signature on a draft", attack: approve("a3", "v4", "deck", "sue", 9), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signature on a rejected version", attack: approve("a3", "w1", "sheet", "sue", 9), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signature from before the submit", attack: approve("a3", "v3", "deck", "sue", 7), control: approve("a3", "v3", "deck", "sue", 8)},
	{name: "a second signature", after: []string{approve("a3", "v3", "deck", "sue", 9)}, attack: approve("a4", "v3", "deck", "sam", 9), control: decide("v3", "approved")},
	{name: "a signature for ever", only: store.Postgres, attack: strings.Replace(approve("a3", "v3", "deck", "sue", 9), "{@09}", "'infinity'", 1), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signature under an id of bytes", only: store.SQLite, attack: strings.Replace(approve("a3", "v3", "deck", "sue", 9), "{a3}", "cast({a3} as blob)", 1), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signature's time in another form", only: store.SQLite, attack: `insert into approvals (id, version_id, asset_id, sha256, signer_id, role_held, signed_at) values ({a3}, {v3}, {deck}, {sha v3}, {olga}, 'approver', '2026-03-01T00:00:00Z')`, control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a signature changed", attack: `update approvals set signer_id = {sam} where id = {a1}`, control: approve("a3", "v3", "deck", "sam", 9)},
	{name: "a signature moved to another version", attack: `update approvals set version_id = {v3}, sha256 = {sha v3} where id = {a2}`, control: approve("a3", "v3", "deck", "sam", 9)},
	{name: "a signature deleted", attack: `delete from approvals where id = {a2}`, control: approve("a3", "v3", "deck", "sam", 9)},
	{name: "a signature replaced by its version", only: store.SQLite, attack: `insert or replace into approvals values ({a9}, {v1}, {deck}, {sha v1}, {sam}, 'approver', {@09})`, control: `insert or replace into approvals values ({a9}, {v3}, {deck}, {sha v3}, {sam}, 'approver', {@09})`},
	{name: "a signature replaced by its id", only: store.SQLite, attack: `insert or replace into approvals values ({a1}, {v3}, {deck}, {sha v3}, {sam}, 'approver', {@09})`, control: `insert or replace into approvals values ({a9}, {v3}, {deck}, {sha v3}, {sam}, 'approver', {@09})`},
	{name: "a signature overwritten on conflict", attack: approve("a9", "v1", "deck", "sam", 9) + ` on conflict (version_id) do update set signer_id = excluded.signer_id`, control: approve("a9", "v3", "deck", "sam", 9) + ` on conflict (version_id) do update set signer_id = excluded.signer_id`},

	// Grants and people.
	{name: "a grant that is born ended", attack: `insert into role_grants (user_id, role, granted_at, revoked_at) values ({new}, 'approver', {@03}, {@04})`, control: `insert into role_grants (user_id, role, granted_at, revoked_at) values ({new}, 'approver', {@03}, null)`},
	{name: "approver while marketer", attack: `insert into role_grants (user_id, role, granted_at) values ({ann}, 'approver', {@05})`, control: `insert into role_grants (user_id, role, granted_at) values ({rep}, 'approver', {@05})`},
	{name: "marketer dated back into the time as approver", attack: `insert into role_grants (user_id, role, granted_at) values ({olga}, 'marketer', {@01})`, control: `insert into role_grants (user_id, role, granted_at) values ({olga}, 'marketer', {@02})`},
	{name: "approver dated back to before an approver", attack: `insert into role_grants (user_id, role, granted_at) values ({sue}, 'marketer', {@00})`, control: `insert into role_grants (user_id, role, granted_at) values ({sue}, 'rep', {@00})`},
	{name: "the same grant twice", attack: `insert into role_grants (user_id, role, granted_at) values ({sue}, 'approver', {@01})`, control: `insert into role_grants (user_id, role, granted_at) values ({sue}, 'approver', {@05})`},
	{name: "marketer while the second grant of approver is open", after: []string{`insert into role_grants (user_id, role, granted_at) values ({sam}, 'approver', {@05})`, `update role_grants set revoked_at = {@06} where user_id = {sam} and granted_at = {@01}`}, attack: `insert into role_grants (user_id, role, granted_at) values ({sam}, 'marketer', {@07})`, control: approve("a3", "v3", "deck", "sam", 9)},
	{name: "a grant from a time in another form", only: store.SQLite, attack: `insert into role_grants (user_id, role, granted_at) values ({new}, 'approver', '0')`, control: `insert into role_grants (user_id, role, granted_at) values ({new}, 'approver', {@05})`},
	{name: "a grant until a time in another form", only: store.SQLite, attack: `update role_grants set revoked_at = '9' where user_id = {sam}`, control: `update role_grants set revoked_at = {@09} where user_id = {sam}`},
	{name: "a grant from ever", only: store.Postgres, attack: `insert into role_grants (user_id, role, granted_at) values ({new}, 'approver', '-infinity')`, control: `insert into role_grants (user_id, role, granted_at) values ({new}, 'approver', {@05})`},
	{name: "a grant for ever", only: store.Postgres, attack: `update role_grants set revoked_at = 'infinity' where user_id = {sam}`, control: `update role_grants set revoked_at = {@09} where user_id = {sam}`},
	{name: "a grant to nobody", attack: `insert into role_grants (user_id, role, granted_at) values ({nobody}, 'approver', {@05})`, control: `insert into role_grants (user_id, role, granted_at) values ({new}, 'approver', {@05})`},
	{name: "a grant dated back", attack: `update role_grants set granted_at = {@00} where user_id = {sue}`, control: `update role_grants set revoked_at = {@09} where user_id = {sue}`},
	{name: "a grant that comes back", attack: `update role_grants set revoked_at = null where user_id = {olga}`, control: `update role_grants set revoked_at = {@09} where user_id = {sam}`},
	{name: "a grant ended a second time", attack: `update role_grants set revoked_at = {@09} where user_id = {olga}`, control: `update role_grants set revoked_at = {@09} where user_id = {sam}`},
	{name: "a grant turned into another role", attack: `update role_grants set role = 'approver' where user_id = {rep}`, control: `update role_grants set revoked_at = {@09} where user_id = {rep}`},
	{name: "a grant ended before a signature on it", attack: `update role_grants set revoked_at = {@03} where user_id = {sue}`, control: `update role_grants set revoked_at = {@07} where user_id = {sue}`},
	{name: "a grant deleted", attack: `delete from role_grants where user_id = {sue}`, control: `update role_grants set revoked_at = {@09} where user_id = {sue}`},
	{name: "a grant replaced", only: store.SQLite, attack: `insert or replace into role_grants (user_id, role, granted_at) values ({olga}, 'approver', {@01})`, control: `insert or replace into role_grants (user_id, role, granted_at) values ({olga}, 'approver', {@03})`},
	{name: "a grant overwritten on conflict", attack: `insert into role_grants (user_id, role, granted_at) values ({olga}, 'approver', {@01}) on conflict (user_id, role, granted_at) do update set revoked_at = null`, control: `insert into role_grants (user_id, role, granted_at) values ({olga}, 'approver', {@03}) on conflict (user_id, role, granted_at) do update set revoked_at = null`},
	{name: "a person over another's id", attack: `insert into users (id, email) values ({ann}, 'x@demo.example')`, control: `insert into users (id, email) values ({x}, 'x@demo.example')`},
	{name: "a person replaced by the address", only: store.SQLite, attack: `insert or replace into users (id, email) values ({x}, 'sue@demo.example')`, control: `insert or replace into users (id, email) values ({x}, 'x@demo.example')`},
	{name: "a person replaced by taking the address", only: store.SQLite, attack: `update or replace users set email = 'sue@demo.example' where id = {rep}`, control: `update or replace users set email = 'x@demo.example' where id = {rep}`},
	{name: "another id for a person", attack: `update users set id = {x} where id = {sue}`, control: `update users set name = 'Susan' where id = {sue}`},
	{name: "a person deleted", attack: `delete from users where id = {sue}`, control: `delete from users where id = {new}`},

	{name: "a person under an id of bytes", only: store.SQLite, attack: `insert into users (id, email) values (cast({x} as blob), 'x@demo.example')`, control: `insert into users (id, email) values ({x}, 'x@demo.example')`},

	// Publications.
	{name: "publishing a draft", after: unpublished, attack: publish("deck", "v4", "a1", "early", 9), control: publish("deck", "v1", "a1", "early", 9)},
	{name: "publishing a submitted version", after: unpublished, attack: publish("deck", "v3", "a1", "early", 9), control: publish("deck", "v1", "a1", "early", 9)},
	{name: "publishing a rejected version", attack: publish("sheet", "w1", "am", "early", 9), control: publish("memo", "m1", "am", "early", 9)},
	{name: "publishing without an approval", attack: publish("memo", "m1", "nothing", "early", 9), control: publish("memo", "m1", "am", "early", 9)},
	{name: "publishing on another version's approval", after: unpublished, attack: publish("deck", "v2", "a1", "late", 9), control: publish("deck", "v2", "a2", "late", 9)},
	{name: "publishing another asset's version", attack: publish("memo", "v2", "a2", "late", 9), control: publish("memo", "m1", "am", "early", 9)},
	{name: "publishing for a stage that is not tagged", attack: publish("memo", "m1", "am", "late", 9), control: publish("memo", "m1", "am", "early", 9)},
	{name: "published before it was signed", attack: publish("memo", "m1", "am", "early", 3), control: publish("memo", "m1", "am", "early", 4)},
	{name: "publishing purged bytes", after: []string{`insert into purges (version_id, at, "by") values ({v2}, {@09}, {sam})`}, attack: `update publications set version_id = {v2}, approval_id = {a2}, stage_id = {late}, published_at = {@10} where asset_id = {deck}`, control: publish("memo", "m1", "am", "early", 9)},
	{name: "a publication born ended", attack: `insert into publications values ({memo}, {m1}, {am}, {early}, {@09}, {ann}, {@10}, {ann})`, control: `insert into publications values ({memo}, {m1}, {am}, {early}, {@09}, {ann}, null, null)`},
	{name: "updating to a submitted version", attack: `update publications set version_id = {v3}, approval_id = {a1}, stage_id = {early}, published_at = {@10} where asset_id = {deck}`, control: `update publications set version_id = {v2}, approval_id = {a2}, stage_id = {late}, published_at = {@10} where asset_id = {deck}`},
	{name: "updating the version alone", attack: `update publications set version_id = {v2} where asset_id = {deck}`, control: `update publications set version_id = {v2}, approval_id = {a2}, stage_id = {late} where asset_id = {deck}`},
	{name: "updating to a stage that is not tagged", attack: `update publications set version_id = {v2}, approval_id = {a2}, stage_id = {early}, published_at = {@10} where asset_id = {deck}`, control: `update publications set version_id = {v2}, approval_id = {a2}, stage_id = {late}, published_at = {@10} where asset_id = {deck}`},
	{name: "a publication moved to another asset", attack: `update publications set asset_id = {memo} where asset_id = {deck}`, control: `update publications set ended_at = {@09}, ended_by = {ann} where asset_id = {deck}`},
	{name: "a publication dated back", attack: `update publications set published_at = {@04} where asset_id = {deck}`, control: `update publications set ended_at = {@09} where asset_id = {deck}`},
	{name: "a publication ended before it began", attack: `update publications set ended_at = {@04} where asset_id = {deck}`, control: `update publications set ended_at = {@05} where asset_id = {deck}`},
	{name: "published at a time in another form", only: store.SQLite, attack: strings.Replace(publish("memo", "m1", "am", "early", 9), "{@09}", "'2026-03-01T09:00:00Z'", 1), control: publish("memo", "m1", "am", "early", 9)},
	{name: "a publication ended at a time in another form", only: store.SQLite, attack: `update publications set ended_at = 'later' where asset_id = {deck}`, control: `update publications set ended_at = {@09} where asset_id = {deck}`},
	{name: "published at the end of time", only: store.Postgres, attack: strings.Replace(publish("memo", "m1", "am", "early", 9), "{@09}", "'infinity'", 1), control: publish("memo", "m1", "am", "early", 9)},
	{name: "a publication ended at the end of time", only: store.Postgres, attack: `update publications set ended_at = 'infinity' where asset_id = {deck}`, control: `update publications set ended_at = {@09} where asset_id = {deck}`},
	{name: "a publication ended with another version", attack: `update publications set ended_at = {@09}, version_id = {v2}, approval_id = {a2}, stage_id = {late} where asset_id = {deck}`, control: `update publications set ended_at = {@09}, ended_by = {ann} where asset_id = {deck}`},
	{name: "a publication revived", after: []string{`update publications set ended_at = {@09}, ended_by = {ann} where asset_id = {deck}`}, attack: `update publications set ended_at = null, ended_by = null where asset_id = {deck}`, control: `delete from publications where asset_id = {deck}`},
	{name: "a publication replaced", only: store.SQLite, attack: `insert or replace into publications values ({deck}, {v2}, {a2}, {late}, {@09}, {ann}, null, null)`, control: `insert or replace into publications values ({memo}, {m1}, {am}, {early}, {@09}, {ann}, null, null)`},
	{name: "a publication overwritten on conflict", attack: publish("deck", "v3", "a1", "early", 9) + ` on conflict (asset_id) do update set version_id = excluded.version_id`, control: publish("memo", "m1", "am", "early", 9) + ` on conflict (asset_id) do update set version_id = excluded.version_id`},

	// Logs.
	{name: "a made-up publication in the log", attack: `insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user) values ({memo}, {m1}, {am}, {early}, 'published', {@09}, {ann})`, control: publish("memo", "m1", "am", "early", 9)},
	{name: "the same publication logged twice", attack: `insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user) values ({deck}, {v1}, {a1}, {early}, 'published', {@05}, {ann})`, control: publish("memo", "m1", "am", "early", 9)},
	{name: "a made-up end in the log", attack: `insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at) values ({deck}, {v1}, {a1}, {early}, 'ended', {@09})`, control: `delete from publications where asset_id = {deck}`},
	{name: "a made-up end after the end", after: unpublished, attack: `insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at) values ({deck}, {v1}, {a1}, {early}, 'ended', {@09})`, control: publish("deck", "v1", "a1", "early", 9)},
	{name: "the publication log changed", attack: `update publication_log set at = {@00}`, control: publish("memo", "m1", "am", "early", 9)},
	{name: "the publication log emptied", attack: `delete from publication_log`, control: publish("memo", "m1", "am", "early", 9)},
	{name: "the publication log replaced", only: store.SQLite, attack: `insert or replace into publication_log values (1, {deck}, {v1}, {a1}, {early}, 'published', {@05}, {ann})`, control: publish("memo", "m1", "am", "early", 9)},
	{name: "the audit log changed", attack: `update audit_log set actor_id = {ben}`, control: auditRow},
	{name: "the audit log emptied", attack: `delete from audit_log`, control: auditRow},
	{name: "the audit log replaced", only: store.SQLite, attack: `insert or replace into audit_log (seq, at, actor_id, action) values (1, {@05}, {ben}, 'published')`, control: `insert or replace into audit_log (at, actor_id, action) values ({@05}, {ben}, 'published')`},
	{name: "the audit log replaced by rowid", only: store.SQLite, attack: `insert or replace into audit_log (rowid, at, actor_id, action) values (1, {@05}, {ben}, 'published')`, control: `insert or replace into audit_log (at, actor_id, action) values ({@05}, {ben}, 'published')`},
	{name: "the audit log with a number that looks like none", only: store.SQLite, byKey: true, attack: `insert into audit_log (seq, at, actor_id, action) values (-1, {@05}, {ben}, 'published')`, control: auditRow},
	{name: "a review changed", attack: `update reviews set comment = 'x' where id = {r1}`, control: review},
	{name: "a review deleted", attack: `delete from reviews where id = {r1}`, control: review},
	{name: "a review replaced", only: store.SQLite, attack: `insert or replace into reviews (id, version_id, asset_id, reviewer_id, decision, at) values ({r9}, {v1}, {deck}, {sam}, 'reject', {@09})`, control: review},
	{name: "a second review", attack: `insert into reviews (id, version_id, asset_id, reviewer_id, decision, at) values ({r9}, {v1}, {deck}, {sam}, 'reject', {@09})`, control: review},

	// Purges, assets and their tags, stages.
	{name: "purging what is published", attack: `insert into purges (version_id, at, "by") values ({v1}, {@09}, {sam})`, control: `insert into purges (version_id, at, "by") values ({v2}, {@09}, {sam})`},
	{name: "a purge dated back", attack: `update purges set at = {@00} where version_id = {w1}`, control: `insert into purges (version_id, at, "by") values ({v2}, {@09}, {sam})`},
	{name: "a purge deleted", attack: `delete from purges where version_id = {w1}`, control: `insert into purges (version_id, at, "by") values ({v2}, {@09}, {sam})`},
	{name: "an asset deleted after its submission", after: []string{`delete from asset_stages where asset_id = {sheet}`}, attack: `delete from assets where id = {sheet}`, control: `delete from assets where id = {idea}`},
	{name: "an asset deleted before its versions", after: []string{version("x", "idea", 1, "ann")}, attack: `delete from assets where id = {idea}`, control: `delete from versions where id = {x}`},
	{name: "an asset deleted before its tags", after: []string{tagOf("idea")}, attack: `delete from assets where id = {idea}`, control: `delete from asset_stages where asset_id = {idea}`},
	{name: "a draft deleted before its text", after: []string{`delete from version_stages where version_id = {v4}`, `delete from contributors where version_id = {v4}`, `insert into extractions (version_id) values ({v4})`}, attack: `delete from versions where id = {v4}`, control: `delete from extractions where version_id = {v4}`},
	{name: "an asset that was never submitted after all", attack: `update assets set submitted_at = null where id = {deck}`, control: `update assets set title = 'x' where id = {deck}`},
	{name: "another id for an asset", attack: `update assets set id = {x} where id = {deck}`, control: `update assets set title = 'x' where id = {deck}`},
	{name: "an asset replaced", only: store.SQLite, attack: `insert or replace into assets (id, title, type, owner_id) values ({deck}, 'x', 'deck', {rep})`, control: `insert or replace into assets (id, title, type, owner_id) values ({x}, 'x', 'deck', {rep})`},
	{name: "the last tag of a published asset", attack: `delete from asset_stages where asset_id = {deck}`, control: `delete from asset_stages where asset_id = {memo}`},
	{name: "both tags of a published asset", after: []string{publish("memo", "m1", "am", "early", 9)}, attack: `delete from asset_stages where asset_id = {memo}`, control: `delete from asset_stages where asset_id = {memo} and stage_id = {late}`},
	{name: "a tag with another stage", attack: `update asset_stages set stage_id = {other} where asset_id = {deck}`, control: `update asset_stages set is_primary = false where asset_id = {deck}`},
	{name: "two primary tags", attack: `update asset_stages set is_primary = true where asset_id = {memo} and stage_id = {late}`, control: `update asset_stages set is_primary = false where asset_id = {memo} and stage_id = {early}`},
	{name: "a primary tag replaced by another", only: store.SQLite, attack: `update or replace asset_stages set is_primary = 1 where asset_id = {memo} and stage_id = {late}`, control: `update or replace asset_stages set is_primary = 0 where asset_id = {memo} and stage_id = {early}`},
	{name: "a short role text", attack: `insert into asset_stages (asset_id, stage_id, role_in_stage) values ({idea}, {early}, 'nineteen characters')`, control: `insert into asset_stages (asset_id, stage_id, role_in_stage) values ({idea}, {early}, 'twenty characters ok')`},
	{name: "a role text that nobody sees", attack: `insert into asset_stages (asset_id, stage_id, role_in_stage) values ({idea}, {early}, ` + unseen + `)`, control: `insert into asset_stages (asset_id, stage_id, role_in_stage) values ({idea}, {early}, ` + roleText + `)`},
	{name: "a role text made one that nobody sees", attack: `update asset_stages set role_in_stage = ` + unseen + ` where asset_id = {deck}`, control: `update asset_stages set role_in_stage = ` + roleText + ` where asset_id = {deck}`},
	{name: "tagged with a stage that is not there", attack: `insert into asset_stages (asset_id, stage_id, role_in_stage) values ({idea}, {nowhere}, ` + roleText + `)`, control: `insert into asset_stages (asset_id, stage_id, role_in_stage) values ({idea}, {early}, ` + roleText + `)`},
	{name: "a stage deleted", attack: `delete from stages where id = {early}`, control: `update stages set retired_at = {@09}, merged_into = {late} where id = {early}`},
	{name: "a stage over another's key", attack: `insert into stages (id, key, name, position) values ({x}, 'early', 'X', 14)`, control: `insert into stages (id, key, name, position) values ({x}, 'x', 'X', 14)`},
	{name: "a stage replaced", only: store.SQLite, attack: `insert or replace into stages (id, key, name, position) values ({early}, 'x', 'X', 14)`, control: `insert or replace into stages (id, key, name, position) values ({x}, 'x', 'X', 14)`},
	{name: "a stage replaced by taking its key", only: store.SQLite, attack: `update or replace stages set key = 'early' where id = {other}`, control: `update or replace stages set key = 'x' where id = {other}`},
	{name: "stages merged in a circle", after: []string{`update stages set retired_at = {@09}, merged_into = {late} where id = {early}`}, attack: `update stages set retired_at = {@09}, merged_into = {early} where id = {late}`, control: `update stages set retired_at = {@09}, merged_into = {other} where id = {late}`},
	{name: "a merged stage merged elsewhere", after: []string{`update stages set retired_at = {@09}, merged_into = {late} where id = {early}`}, attack: `update stages set merged_into = {other} where id = {early}`, control: `update stages set name = 'Very early' where id = {early}`},
	{name: "a merged stage that follows another than its successor", after: []string{`update stages set retired_at = {@09}, merged_into = {late} where id = {early}`, `update stages set retired_at = {@09}, merged_into = {other} where id = {late}`, `insert into stages (id, key, name, position) values ({x}, 'x', 'X', 14)`}, attack: `update stages set merged_into = {x} where id = {early}`, control: `update stages set merged_into = {other} where id = {early}`},

	// Ways around the triggers that only SQLite has: triggers of the session's own.
	{name: "other bytes while a trigger submits", only: store.SQLite, after: []string{`create temp trigger aside before update on versions when old.state = 'draft' and new.state = 'draft' begin ` + submit("v4", 9) + `; end`}, attack: `update versions set sha256 = {sha x} where id = {v4}`, control: submit("v4", 9)},
	{name: "tags that a trigger removes from under the submit", only: store.SQLite, after: []string{`create temp trigger aside after insert on contributors begin delete from version_stages where version_id = new.version_id; end`}, attack: submit("v4", 9), control: decide("v3", "draft")},
	{name: "makers that a trigger keeps out", only: store.SQLite, after: []string{`create temp trigger aside before insert on contributors begin select raise(ignore); end`}, attack: submit("v4", 9), control: decide("v3", "draft")},
	{name: "makers that a trigger removes", only: store.SQLite, after: []string{`create temp trigger aside after insert on contributors begin delete from contributors where version_id = new.version_id; end`}, attack: submit("v4", 9), control: decide("v3", "draft")},
	{name: "makers that a trigger keeps out while another ends the submit early", only: store.SQLite, after: []string{
		`create temp trigger aside before insert on contributors begin select raise(ignore); end`,
		`create temp trigger early after update on versions begin select raise(ignore); end`}, attack: submit("v4", 9), control: decide("v3", "changes_requested")},
	{name: "approved by a trigger within the submit", only: store.SQLite, after: []string{`create temp trigger aside after insert on contributors begin ` + decide("w2", "approved") + `; end`}, attack: submit("v4", 9), control: decide("v3", "draft")},
	{name: "a publication that a trigger keeps out of the log", only: store.SQLite, after: unlogged, attack: publish("memo", "m1", "am", "early", 9), control: decide("v3", "draft")},
	{name: "a change of version that a trigger keeps out of the log", only: store.SQLite, after: unlogged, attack: `update publications set version_id = {v2}, approval_id = {a2}, stage_id = {late} where asset_id = {deck}`, control: decide("v3", "draft")},
	{name: "an end that a trigger keeps out of the log", only: store.SQLite, after: unlogged, attack: `update publications set ended_at = {@09} where asset_id = {deck}`, control: decide("v3", "draft")},
	{name: "a deletion that a trigger keeps out of the log", only: store.SQLite, after: unlogged, attack: `delete from publications where asset_id = {deck}`, control: decide("v3", "draft")},
	{name: "a version that is put back after a trigger replaced it", only: store.SQLite, after: []string{`create temp trigger aside before update on publications when new.version_id = old.version_id begin update publications set version_id = {v2}, approval_id = {a2}, stage_id = {late} where asset_id = {deck}; end`}, attack: `update publications set stage_id = stage_id where asset_id = {deck}`, control: `update publications set version_id = {v2}, approval_id = {a2}, stage_id = {late} where asset_id = {deck}`},
	{name: "a grant ended again after a trigger ended it", only: store.SQLite, after: []string{`create temp trigger aside before update on role_grants when new.revoked_at = {@09} begin
		update role_grants set revoked_at = {@02} where user_id = {sam}; insert into role_grants (user_id, role, granted_at) values ({sam}, 'marketer', {@03}); end`}, attack: `update role_grants set revoked_at = {@09} where user_id = {sam}`, control: `update role_grants set revoked_at = {@08} where user_id = {sam}`},

	// Ways around the triggers that only PostgreSQL has.
	{name: "a table of one's own in front of the grants", only: store.Postgres, after: []string{`create temporary table role_grants on commit drop as select {rep}::uuid as user_id, 'approver'::text as role, {@01}::timestamptz as granted_at, null::timestamptz as revoked_at`}, attack: approve("a3", "v3", "deck", "rep", 9), control: approve("a3", "v3", "deck", "sue", 9)},
	{name: "a contributor slipped in by the statement that submits", only: store.Postgres, byKey: true, attack: `with done as (` + submit("v4", 9) + ` returning id) insert into contributors select id, {rep} from done`, control: contributor("v4", "rep")},
	{name: "a log row slipped in by the statement that publishes", only: store.Postgres, attack: `with done as (` + publish("memo", "m1", "am", "early", 9) + ` returning *) insert into publication_log (asset_id, version_id, approval_id, stage_id, event, at, by_user) select asset_id, version_id, approval_id, stage_id, 'published', {@10}, published_by from done`, control: publish("memo", "m1", "am", "early", 9)},
	{name: "versions merged over", only: store.Postgres, attack: `merge into versions using (select {v1}::uuid as id) as s on versions.id = s.id when matched then update set sha256 = {sha x}`, control: `merge into versions using (select {v4}::uuid as id) as s on versions.id = s.id when matched then update set sha256 = {sha x}`},
}

var unlogged = []string{`create temp trigger aside before insert on publication_log begin select raise(ignore); end`}

var unpublished = []string{`update publications set ended_at = {@08}, ended_by = {ann} where asset_id = {deck}`, `delete from publications where asset_id = {deck}`}

const (
	auditRow = `insert into audit_log (at, actor_id, action) values ({@09}, {ann}, 'withdrawn')`
	review   = `insert into reviews (id, version_id, asset_id, reviewer_id, decision, at) values ({r9}, {v3}, {deck}, {sam}, 'reject', {@09})`
)

func publish(asset, version, approval, stage string, hour int) string {
	at := "{@0" + string(rune('0'+hour)) + "}"
	return `insert into publications (asset_id, version_id, approval_id, stage_id, published_at, published_by) values ({` +
		asset + `}, {` + version + `}, {` + approval + `}, {` + stage + `}, ` + at + `, {ann})`
}
