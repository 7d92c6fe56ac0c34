package collateral

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNewWebhookIsChecked(t *testing.T) {
	t.Parallel()
	published := []WebhookEvent{WebhookPublished}
	for _, tt := range []struct {
		name string
		in   NewWebhook
		want []string
	}{
		{"good", NewWebhook{URL: " https://hooks.example.com/in?key=1 ", Events: published}, nil},
		{"of one's own network", NewWebhook{URL: "http://10.0.0.7:5678/in", Events: published}, nil},
		{"empty", NewWebhook{}, []string{"/url", "/events"}},
		{"no web address", NewWebhook{URL: "ftp://a.example", Events: published}, []string{"/url"}},
		{"a user", NewWebhook{URL: "https://me:secret@a.example", Events: published}, []string{"/url"}},
		{"a fragment", NewWebhook{URL: "https://a.example/#in", Events: published}, []string{"/url"}},
		{"two lines", NewWebhook{URL: "https://a.example/\nin", Events: published}, []string{"/url"}},
		{"too long", NewWebhook{URL: "https://a.example/" + strings.Repeat("x", 2000), Events: published}, []string{"/url"}},
		{"unknown events", NewWebhook{URL: "https://a.example", Events: []WebhookEvent{"asset.sold", WebhookTest}}, []string{"/events", "/events"}},
		{"a long note", NewWebhook{URL: "https://a.example", Events: published, Note: strings.Repeat("x", 501)}, []string{"/note"}},
	} {
		if diff := cmp.Diff(tt.want, pointers(tt.in.Normal().Check())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	got := NewWebhook{Events: []WebhookEvent{WebhookLinkOpened, WebhookPublished, WebhookLinkOpened}}.Normal().Events
	if diff := cmp.Diff([]WebhookEvent{WebhookPublished, WebhookLinkOpened}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestDeliveriesAreTriedForADay(t *testing.T) {
	t.Parallel()
	var all, last time.Duration
	attempt := 1
	for ; ; attempt++ {
		pause, again := DeliveryPause(attempt)
		if !again {
			break
		}
		if pause < last {
			t.Errorf("attempt %d is followed by a shorter pause than the one before: %s", attempt, pause)
		}
		all, last = all+pause, pause
	}
	if all < 20*time.Hour || all > 28*time.Hour || attempt != 11 {
		t.Errorf("got %d attempts in %s, want 11 in about a day", attempt, all)
	}
	if _, again := DeliveryPause(0); again {
		t.Error("what was never tried is tried again")
	}
}
