package api

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

func TestFaultyPieces(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		for _, tt := range []struct {
			name     string
			change   fields
			status   int
			kind     string
			pointers []string
		}{
			{"unknown stage", fields{"stages": []fields{stage("honeymoon", true)}}, 422, "invalid", []string{"/stages/0/stage"}},
			{"two primary stages", fields{"stages": []fields{stage("validation", true), stage("supplier-selection", true)}}, 422, "invalid", []string{"/stages/1/primary"}},
			{"short role text", fields{"stages": []fields{{"stage": "validation", "role": "Helps."}}}, 400, "malformed", []string{"/stages/0/role"}},
			{"role text of blanks", fields{"stages": []fields{{"stage": "validation", "role": strings.Repeat(" ", 30)}}}, 422, "invalid", []string{"/stages/0/role"}},
			{"unknown field", fields{"colour": "red"}, 400, "malformed", []string{"/colour"}},
			{"wrong JSON type", fields{"title": 7}, 400, "malformed", []string{"/title"}},
			{"no language", fields{"language": "klingonese"}, 422, "invalid", []string{"/language"}},
			{"several", fields{"title": "\x07\x07\x07", "stages": []fields{stage("honeymoon", true)}}, 422, "invalid", []string{"/title", "/stages/0/stage"}},
		} {
			body := fields{"title": "Value deck", "type": "deck"}
			maps.Copy(body, tt.change)
			w.do(w.mia, "POST", "/assets", body).wantProblem(tt.status, tt.kind, tt.pointers...)
		}
		if left := w.do(w.mia, "GET", "/assets", nil).want(200).list("items"); len(left) != 0 {
			t.Errorf("refused pieces are there: %v", left)
		}
		w.do(w.mia, "GET", "/assets/"+newID(), nil).wantProblem(404, "not-found")
		w.do(w.mia, "GET", "/assets/42", nil).wantProblem(400, "malformed", "{id}")
		w.do(w.mia, "GET", "/search?stage=honeymoon", nil).wantProblem(422, "invalid", "?stage")
	})
}

func TestFaultyUploads(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.do(w.mia, "POST", "/assets", fields{"title": "Value deck", "type": "deck"}).want(201).text("id")
		file := func(name, content string) part { return part{"file", name, []byte(content)} }
		note := func(text string) part { return part{"note", "", []byte(text)} }
		for _, tt := range []struct {
			name    string
			parts   []part
			status  int
			kind    string
			pointer string
		}{
			{"empty", []part{file("a.txt", "")}, 422, "invalid", "/file"},
			{"path", []part{file("../../a.txt", "x")}, 422, "invalid", "/file"},
			{"path of Windows", []part{file(`C:\\temp\\a.txt`, "x")}, 422, "invalid", "/file"},
			{"control character", []part{file("a\x07.txt", "x")}, 400, "malformed", "/file"},
			{"control character, encoded", []part{file(`a"; filename*=UTF-8''a%07.txt; x="`, "x")}, 422, "invalid", "/file"},
			{"no name", []part{file("", "x")}, 422, "invalid", "/file"},
			{"no file", []part{note("x")}, 400, "malformed", "/file"},
			{"two files", []part{file("a.txt", "x"), file("b.txt", "y")}, 400, "malformed", "/file"},
			{"unknown part", []part{file("a.txt", "x"), {"colour", "", []byte("red")}}, 400, "malformed", "/colour"},
			{"long note behind", []part{file("a.txt", "x"), note(strings.Repeat("n", 3000))}, 422, "invalid", "/note"},
			{"note with NUL", []part{note("a\x00b"), file("a.txt", "x")}, 400, "malformed", "/note"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				w := w.in(t)
				body, contentType := form(t, tt.parts...)
				w.sendForm(w.mia, id, body, contentType).wantProblem(tt.status, tt.kind, tt.pointer)
			})
		}

		whole, contentType := form(t, file("a.txt", strings.Repeat("x", 100_000)))
		raw, err := io.ReadAll(whole)
		if err != nil {
			t.Fatal(err)
		}
		for _, cut := range []int{0, 20, 60, 500, 50_000, len(raw) - 4} {
			w.sendForm(w.mia, id, bytes.NewReader(raw[:cut]), contentType).wantProblem(400, "malformed")
		}
		w.sendForm(w.mia, id, bytes.NewReader(raw), mediaMultipart).wantProblem(400, "malformed")

		w.do(w.mia, "POST", "/assets/"+id+"/versions", fields{"note": "nothing"}).wantProblem(422, "invalid", "/from", "/url")
		w.do(w.mia, "POST", "/assets/"+id+"/versions", fields{"url": "javascript:alert(1)"}).wantProblem(422, "invalid", "/url")
		w.do(w.mia, "POST", "/assets/"+id+"/versions", fields{"from": 9}).wantProblem(422, "invalid", "/from")

		if left := w.do(w.mia, "GET", "/assets/"+id+"/versions", nil).want(200).list("items"); len(left) != 0 {
			t.Errorf("refused uploads left versions: %v", left)
		}
		body, contentType := form(t, file("a.txt", "x"), note("Said behind the file"))
		if v := w.sendForm(w.mia, id, body, contentType).want(201); v.text("note") != "Said behind the file" {
			t.Errorf("got note %q", v.text("note"))
		}
	})
}

// TestFilesOverTheLimit holds that a file over the limit is refused before it is read whole, told by its length or not.
func TestFilesOverTheLimit(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.do(w.mia, "POST", "/assets", fields{"title": "Value deck", "type": "deck"}).want(201).text("id")
		for _, length := range []int64{64 << 20, -1} {
			endless := &countingReader{}
			head := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n"
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, BasePath+"/assets/"+id+"/versions", io.MultiReader(strings.NewReader(head), endless))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			r.ContentLength = length
			w.send(w.mia, r).wantProblem(413, "too-large", "/file")
			if endless.n > 2*maxUpload {
				t.Errorf("%d bytes were read, the limit is %d", endless.n, maxUpload)
			}
		}
		if left := w.do(w.mia, "GET", "/assets/"+id+"/versions", nil).want(200).list("items"); len(left) != 0 {
			t.Errorf("refused uploads left versions: %v", left)
		}
	})
}

func TestTheGate(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		bare := w.do(w.mia, "POST", "/assets", fields{"title": "Value deck", "type": "deck"}).want(201).text("id")
		w.do(w.mia, "POST", "/assets/"+bare+"/publish", nil).wantProblem(422, "gate", "/versions", "/stages", "/submission", "/approval")
		w.do(w.mia, "POST", "/assets/"+bare+"/submit", nil).wantProblem(422, "gate", "/versions", "/stages")

		id := w.draft(w.mia, "Value deck", "first")
		path := "/assets/" + id
		review := func(p *person, version int, decision, comment string) *answer {
			return w.do(p, "POST", path+"/reviews", fields{"version": version, "decision": decision, "comment": comment})
		}
		w.do(w.mia, "PUT", path+"/coauthors/"+w.abe.id, nil).want(200)
		w.do(w.mia, "POST", path+"/submit", nil).want(200)
		w.do(w.mia, "POST", path+"/publish", nil).wantProblem(422, "gate", "/approval")
		review(w.mia, 1, "approve", "").wantProblem(403, "forbidden")
		review(w.abe, 1, "approve", "").wantProblem(403, "forbidden")
		review(w.ann, 1, "request_changes", " ").wantProblem(422, "invalid", "/comment")
		review(w.ann, 7, "approve", "").wantProblem(422, "invalid", "/version")

		w.upload(w.mia, id, "second.txt", []byte("second")).want(201)
		w.do(w.mia, "POST", path+"/submit", nil).want(200)
		review(w.ann, 1, "approve", "").wantProblem(409, "conflict")
		review(w.ann, 2, "request_changes", "The price is old.").want(201)
		if newest := w.do(w.mia, "GET", path+"/versions", nil).want(200).list("items")[0]; newest.text("review", "comment") != "The price is old." {
			t.Errorf("mia sees %v, want what ann asks for", newest.value)
		}
		w.upload(w.mia, id, "third.txt", []byte("third")).want(201)
		w.do(w.mia, "POST", path+"/submit", nil).want(200)
		review(w.ann, 3, "approve", "").want(201)
		review(w.ann, 3, "reject", "On second thoughts").wantProblem(409, "conflict")
		w.do(w.mia, "DELETE", path, nil).wantProblem(409, "conflict")
		w.do(w.mia, "POST", path+"/publish", nil).want(200)
		w.do(w.ada, "POST", path+"/versions/3/purge", fields{"reason": "The customer asked for it."}).wantProblem(409, "conflict")
		w.do(w.mia, "POST", path+"/withdraw", fields{"reason": " "}).wantProblem(400, "malformed", "/reason")
		w.do(w.mia, "POST", path+"/withdraw", fields{"reason": "Outdated."}).want(200)
		w.do(w.ada, "POST", path+"/versions/3/purge", fields{"reason": "The customer asked for it."}).want(200)
		w.do(w.ann, "GET", path+"/versions/3/content", nil).wantProblem(410, "gone")
	})
}

func TestEventsAreJudgedAlone(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.published("Value deck", "text")
		now := time.Now().UTC()
		event := func(change fields) fields {
			e := fields{"id": newID(), "kind": "share", "asset_id": id, "occurred_at": now.Format(time.RFC3339Nano)}
			maps.Copy(e, change)
			return e
		}
		twice := event(nil)
		got := w.do(w.rita, "POST", "/usage/events", fields{"events": []fields{
			event(nil), twice, twice,
			event(fields{"asset_id": newID()}),
			event(fields{"kind": "admire"}),
			event(fields{"occurred_at": now.Add(time.Hour).Format(time.RFC3339)}),
			event(fields{"id": "42"}),
			event(fields{"opportunity": "A\x00B"}),
			{},
			event(fields{"seen_on": "a phone"}),
			event(fields{"dwell_ms": "long"}),
			event(fields{"dwell_ms": 1.5}),
			event(fields{"kind": 5}),
			nil,
			event(fields{"opportunity": nil, "dwell_ms": nil}),
		}}).want(200)
		if got.number("accepted") != 3 || got.number("duplicates") != 1 {
			t.Errorf("got %v, want 3 accepted and 1 duplicate", got.value)
		}
		var refused []int
		for _, r := range got.list("rejected") {
			refused = append(refused, r.number("index"))
			if r.text("reason") == "" {
				t.Errorf("event %d is refused without a reason", r.number("index"))
			}
		}
		if want := "[3 4 5 6 7 8 9 10 11 12 13]"; fmt.Sprint(refused) != want {
			t.Errorf("refused %v, want %s", refused, want)
		}
		many := make([]fields, 1001)
		for i := range many {
			many[i] = event(nil)
		}
		w.do(w.rita, "POST", "/usage/events", fields{"events": many}).wantProblem(413, "too-large")
		w.do(w.rita, "POST", "/usage/events", fields{"events": 7}).wantProblem(400, "malformed", "/events")
	})
}

func TestPeople(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		signIn := func(email, secret string) *answer {
			return w.do(nil, "POST", "/sessions", fields{"email": email, "password": secret})
		}
		unknown, wrong := signIn("nobody@example.com", password), signIn("mia@example.com", "not the password")
		if a, b := unknown.wantProblem(401, "unauthenticated"), wrong.wantProblem(401, "unauthenticated"); a.text("detail") != b.text("detail") {
			t.Errorf("an unknown address gets %q, a wrong password %q", a.text("detail"), b.text("detail"))
		}
		session := signIn("MIA@example.com", password).want(201)
		mia := &person{token: session.text("token")}
		if me := w.do(mia, "GET", "/me", nil).want(200); me.text("id") != w.mia.id || session.text("user", "id") != w.mia.id || session.text("expires_at") == "" {
			t.Errorf("got %v, want mia", me.value)
		}
		w.do(mia, "PUT", "/me/password", fields{"current_password": "wrong", "new_password": "a better password"}).wantProblem(422, "invalid", "/current_password")
		w.do(mia, "PUT", "/me/password", fields{"current_password": password, "new_password": "short"}).wantProblem(400, "malformed", "/new_password")
		w.do(mia, "PUT", "/me/password", fields{"current_password": password, "new_password": "a better password"}).want(204)
		w.do(w.mia, "GET", "/me", nil).wantProblem(401, "unauthenticated")
		w.do(mia, "DELETE", "/sessions/current", nil).want(204)
		w.do(mia, "GET", "/me", nil).wantProblem(401, "unauthenticated")

		w.do(w.ada, "POST", "/users", fields{"email": "both@example.com", "name": "Both", "roles": []string{"marketer", "approver"}}).wantProblem(422, "invalid", "/roles")
		w.do(w.ada, "POST", "/users", fields{"email": "ann@example.com", "name": "Ann", "roles": []string{"rep"}}).wantProblem(409, "conflict", "/email")
		joined := w.do(w.ada, "POST", "/users", fields{"email": "Ned@example.com", "name": "Ned", "roles": []string{"rep"}, "team": "North"}).want(201)
		if joined.text("email") != "ned@example.com" || joined.at("active").value != true || joined.text("initial_password") == "" {
			t.Errorf("created %v, want an active person with a password to begin with", joined.value)
		}
		ned := &person{token: signIn("ned@example.com", joined.text("initial_password")).want(201).text("token")}
		made := w.do(ned, "POST", "/tokens", fields{"name": "Laptop", "roles": []string{"rep"}}).want(201)
		program := &person{token: made.text("token")}
		w.do(program, "GET", "/search?q=anything", nil).want(200)
		w.do(program, "POST", "/tokens", fields{"name": "Another"}).wantProblem(403, "forbidden")
		w.do(ned, "POST", "/tokens", fields{"name": "Crown", "roles": []string{"admin"}}).wantProblem(422, "invalid", "/roles")
		if tokens := w.do(ned, "GET", "/tokens", nil).want(200).list("items"); len(tokens) != 1 || tokens[0].text("token") != "" {
			t.Errorf("listed %v, want one token without its secret", tokens)
		}
		w.do(ned, "DELETE", "/tokens/"+newID(), nil).wantProblem(404, "not-found")

		changed := w.do(w.ada, "PATCH", "/users/"+joined.text("id"), fields{"active": false, "team": nil}).want(200)
		if changed.at("active").value != false || changed.text("team") != "" || changed.text("name") != "Ned" {
			t.Errorf("changed to %v, want ned inactive and in no team", changed.value)
		}
		w.do(ned, "GET", "/me", nil).wantProblem(401, "unauthenticated")
		w.do(program, "GET", "/me", nil).wantProblem(401, "unauthenticated")
		w.do(w.ada, "PATCH", "/users/"+w.ada.id, fields{"active": false}).wantProblem(409, "conflict")

		entries := w.do(w.ada, "GET", "/audit?action=user.deactivated&subject_id="+joined.text("id"), nil).want(200).list("items")
		if len(entries) != 1 || entries[0].text("actor") != w.ada.id {
			t.Errorf("audited %v, want ada's deactivation", entries)
		}
		for range 12 {
			wrong = signIn("rita@example.com", "not the password")
		}
		if wrong.wantProblem(429, "too-many"); wrong.header.Get("Retry-After") == "" {
			t.Error("too many attempts are answered without Retry-After")
		}
	})
}

func TestStagesAndTaxonomies(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		if stages := w.do(w.rita, "GET", "/stages", nil).want(200).list("items"); len(stages) != 6 {
			t.Errorf("got %d stages, want 6", len(stages))
		}
		added := w.do(w.lea, "PUT", "/stages/renewal", fields{"name": "Renewal", "position": 2, "questions": []string{"Is it still worth it?"}}).want(200)
		if added.number("position") != 2 || added.at("always_on").value != false || len(added.list("questions")) != 1 {
			t.Errorf("added %v", added.value)
		}
		renamed := w.do(w.lea, "PUT", "/stages/renewal", fields{"name": "Renewal and growth", "always_on": true}).want(200)
		if renamed.number("position") != 2 || renamed.at("always_on").value != true || len(renamed.list("questions")) != 1 {
			t.Errorf("renamed to %v, want the rest kept", renamed.value)
		}
		w.do(w.lea, "POST", "/stages/renewal/retire", fields{"into": "renewal"}).wantProblem(422, "invalid", "/into")
		if kept := w.do(w.lea, "POST", "/stages/renewal/retire", fields{"into": "validation"}).want(200); kept.text("key") != "validation" {
			t.Errorf("got %v, want the stage that took over", kept.value)
		}
		w.do(w.lea, "PUT", "/stages/Not%20A%20Slug", fields{"name": "Renewal"}).wantProblem(400, "malformed", "{key}")

		w.do(w.ada, "PUT", "/taxonomies/persona", fields{"closed": true, "values": []string{"cio", "cfo"}}).want(200)
		w.do(w.mia, "POST", "/assets", fields{"title": "Value deck", "type": "deck", "personas": []string{"cfo", "ceo"}}).wantProblem(422, "invalid", "/personas/1")
		w.do(w.ada, "PUT", "/taxonomies/colour", fields{"closed": true, "values": []string{}}).wantProblem(400, "malformed", "{facet}")
		if lists := w.do(w.rita, "GET", "/taxonomies", nil).want(200).list("items"); len(lists) != 3 {
			t.Errorf("got %v, want three lists", lists)
		}
	})
}

func TestOwnersAndCoauthors(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		path := "/assets/" + w.draft(w.mia, "Value deck", "text")
		w.do(w.mia, "PUT", path+"/coauthors/"+newID(), nil).wantProblem(422, "invalid", "{user}")
		if with := w.do(w.mia, "PUT", path+"/coauthors/"+w.ann.id, nil).want(200).list("coauthors"); len(with) != 1 || with[0].value != w.ann.id {
			t.Errorf("co-authors are %v, want ann", with)
		}
		w.do(w.ann, "POST", path+"/versions", fields{"from": 1, "note": "Once more"}).want(201)
		w.do(w.ann, "DELETE", path+"/coauthors/"+w.ann.id, nil).want(200)
		w.do(w.ann, "POST", path+"/versions", fields{"from": 1}).wantProblem(404, "not-found")
		w.do(w.mia, "PUT", path+"/owner", fields{"owner": "me"}).wantProblem(400, "malformed", "/owner")
		if moved := w.do(w.ada, "PUT", path+"/owner", fields{"owner": w.max.id}).want(200); moved.text("owner") != w.max.id {
			t.Errorf("owned by %v, want max", moved.value)
		}
		w.do(w.mia, "GET", path, nil).wantProblem(404, "not-found")
	})
}

// TestRefusedUploadsAreAnswered sends far more than the limit over a real connection, reading only after all is sent,
// as simple clients do.
func TestRefusedUploadsAreAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.Open(t, store.SQLite))
	id := w.do(w.mia, "POST", "/assets", fields{"title": "Value deck", "type": "deck"}).want(201).text("id")
	server := httptest.NewServer(w.api)
	t.Cleanup(server.Close)
	for range 2 {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		const size = 24 << 20
		head := fmt.Sprintf("POST %s/assets/%s/versions HTTP/1.1\r\nHost: registry\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"+
			"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n", BasePath, id, w.mia.token, size)
		if _, err := io.Copy(conn, io.MultiReader(strings.NewReader(head), io.LimitReader(&countingReader{}, size-100))); err != nil {
			t.Fatalf("sending: %v", err)
		}
		got, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("reading the answer: %v", err)
		}
		if got.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("got %d, want 413", got.StatusCode)
		}
		if err := errors.Join(got.Body.Close(), conn.Close()); err != nil {
			t.Error(err)
		}
	}
}
