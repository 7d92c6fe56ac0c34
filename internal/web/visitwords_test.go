package web

import (
	"testing"
	"time"

	"collateral/internal/collateral"
)

func TestProgramsAreNamed(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 (KHTML, like Gecko) Chrome/142.0 Safari/537 Edg/142.0": "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18 Safari/604":  "Safari on an iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/ Firefox/140.0":                                                  "Firefox on Linux",
		"Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537":           "Chrome on Android",
		"Mozilla/5.0 (compatible; AnyCrawler/2.1; +https://crawler.example/)":                                             "Mozilla/5.0 (compatible; AnyCrawler/2.1; +https://crawler.ex",
		"curl/8.5.0": "curl/8.5.0",
		"":           "",
	} {
		if got := programName(agent); got != want {
			t.Errorf("%s: got %q, want %q", agent, got, want)
		}
	}
}

func TestWhyAVisitCounts(t *testing.T) {
	t.Parallel()
	opened := new(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	for want, visit := range map[string]collateral.Visit{
		"Somebody looked.":            {OpenedAt: opened, Why: "unconfirmed"},
		"Somebody gave the passcode.": {OpenedAt: opened, Why: "gave the passcode"},
		"Came as a browser does. Nothing shows that somebody looked.": {},
		"A security product checked the link.":                        {Machine: true, Why: "gateway"},
	} {
		if got := whyWords(&visit); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
