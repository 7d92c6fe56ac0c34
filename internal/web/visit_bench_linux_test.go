package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/machines"
)

// BenchmarkVisit is what pages for buyers cost: the first byte of a link's page, and a heartbeat. CPU is that of the whole
// process, the client's part left out by calling the handler.
func BenchmarkVisit(b *testing.B) {
	w := newWorld(b)
	rules, err := machines.Default()
	if err != nil {
		b.Fatal(err)
	}
	w.links.Rules = rules
	_, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{w.live("Deck", "one", nil)}})
	ask := func(method, path, cookie, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(b.Context(), method, path, strings.NewReader(body))
		r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Accept-Language", "en")
		r.Header.Set("Cookie", cookie)
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, r)
		return answer
	}
	first := ask(http.MethodGet, path, "", "")
	cookie, _, _ := strings.Cut(first.Header().Get("Set-Cookie"), ";")
	page, err := goquery.NewDocumentFromReader(first.Body)
	if err != nil {
		b.Fatal(err)
	}
	seat := page.Find("[data-attention]")
	b.Run("first byte", func(b *testing.B) {
		timed(b, func(int) {
			if got := ask(http.MethodGet, path, cookie, ""); got.Code != http.StatusOK {
				b.Fatalf("got status %d", got.Code)
			}
		})
	})
	began := time.Now()
	now, passed := w.store.Now, time.Duration(0)
	w.store.Now = func() time.Time { return now().Add(passed) }
	b.Run("heartbeat", func(b *testing.B) {
		timed(b, func(int) {
			passed += 5 * time.Second
			until := (time.Since(began) + passed).Milliseconds()
			body := fmt.Sprintf(`{"visit":%q,"asset":%q,"version":%q,"beats":[{"from":%d,"until":%d,"inputs":1,"pages":[[1,4000]]}]}`,
				seat.AttrOr("data-visit", ""), seat.AttrOr("data-asset", ""), seat.AttrOr("data-version", ""), until-5000, until)
			if got := ask(http.MethodPost, path+"/attention", cookie, body); got.Code != http.StatusNoContent {
				text, _ := io.ReadAll(got.Body)
				b.Fatalf("got status %d: %s", got.Code, text)
			}
		})
	})
}

// BenchmarkViewing is what a heartbeat of a page costs that somebody with an account looks at; CPU as in BenchmarkVisit.
func BenchmarkViewing(b *testing.B) {
	w := newWorld(b)
	p := w.rita.get("/pieces/" + w.live("Deck", "one", nil).String())
	seat, token := p.Find("[data-attention]"), p.Find("input[name=token]").First().AttrOr("value", "")
	at, err := url.Parse(w.url)
	if err != nil {
		b.Fatal(err)
	}
	session := w.rita.client.Jar.Cookies(at)[0].String()
	began := time.Now()
	now, passed := w.store.Now, time.Duration(0)
	w.store.Now = func() time.Time { return now().Add(passed) }
	timed(b, func(int) {
		passed += 5 * time.Second
		until := (time.Since(began) + passed).Milliseconds()
		told := fmt.Sprintf(`{"visit":%q,"asset":%q,"version":%q,"beats":[{"from":%d,"until":%d,"inputs":1,"pages":[[1,4000]]}]}`,
			seat.AttrOr("data-visit", ""), seat.AttrOr("data-asset", ""), seat.AttrOr("data-version", ""), until-5000, until)
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/viewings", strings.NewReader(url.Values{"token": {token}, "told": {told}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", session)
		answer := httptest.NewRecorder()
		if w.handler.ServeHTTP(answer, r); answer.Code != http.StatusNoContent {
			b.Fatalf("got status %d: %s", answer.Code, answer.Body)
		}
	})
}

// timed runs f as often as the benchmark wants, and reports the CPU that one run costs.
func timed(b *testing.B, f func(i int)) {
	b.Helper()
	before := cpu(b)
	for i := 0; b.Loop(); i++ {
		f(i)
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "µs-cpu/op")
}

func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
