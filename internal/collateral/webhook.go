package collateral

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// WebhookEvent is what other systems can be told of.
type WebhookEvent string

// The events.
const (
	WebhookPublished     WebhookEvent = "asset.published"
	WebhookWithdrawn     WebhookEvent = "asset.withdrawn"
	WebhookReviewWaiting WebhookEvent = "review.waiting" // a version was submitted, and waits for Sales
	WebhookLinkOpened    WebhookEvent = "link.opened"    // somebody opened a link that was given to them
	WebhookTest          WebhookEvent = "webhook.test"   // an admin asked for it; every webhook is told
)

// WebhookEvents returns those that a webhook can be told of.
func WebhookEvents() []WebhookEvent {
	return []WebhookEvent{WebhookPublished, WebhookWithdrawn, WebhookReviewWaiting, WebhookLinkOpened}
}

// Webhook is an address of another system that is told of events. Its secrets are kept apart from it.
type Webhook struct {
	ID        uuid.UUID
	URL       string
	Events    []WebhookEvent
	Note      string // what it is for, in the admin's words
	Active    bool
	Off       WebhookOff // why it is not active; empty while it is
	CreatedBy uuid.UUID
	CreatedAt time.Time

	FailingSince   *time.Time // the first failure since the last success; nil for none
	OldSecretUntil *time.Time // how long the secret before this one signs too; nil when there is none
}

// WebhookOff says why a webhook was switched off.
type WebhookOff string

// The reasons.
const (
	OffByAdmin WebhookOff = "admin"
	OffFailing WebhookOff = "failing" // nothing was delivered for MaxFailing
	OffGone    WebhookOff = "gone"    // the receiver said that it is no more, with status 410
)

// Times of webhooks.
const (
	MaxFailing    = 5 * 24 * time.Hour // without any success, after which a webhook is switched off
	SecretOverlap = 24 * time.Hour     // in which an old secret signs beside the new one
)

// MaxWebhooks bounds how many there are.
const MaxWebhooks = 50

// Host is the host of the address: the part of it that may be told to everybody who may know of the webhook at all. What
// stands behind it is often a key.
func (w *Webhook) Host() string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// NewWebhook is what an admin says of a webhook.
type NewWebhook struct {
	URL    string
	Events []WebhookEvent
	Note   string
}

// Normal returns n as it is stored: without outer blanks, each event once and in the order of WebhookEvents.
func (n NewWebhook) Normal() NewWebhook {
	n.URL, n.Note = strings.TrimSpace(n.URL), strings.TrimSpace(n.Note)
	var events []WebhookEvent
	for _, e := range WebhookEvents() {
		if slices.Contains(n.Events, e) {
			events = append(events, e)
		}
	}
	for _, e := range n.Events {
		if !slices.Contains(events, e) { // unknown ones stay, to be refused
			events = append(events, e)
		}
	}
	n.Events = events
	return n
}

// Check returns one Invalid error that names every fault of a normal NewWebhook. Whether posts may go there is for the
// settings of the server to say.
func (n NewWebhook) Check() error {
	var f Faults
	u, err := url.Parse(n.URL)
	if err != nil || CheckURL("/url", n.URL) != nil || u.Fragment != "" {
		f.Add("/url", "This is not where events can be sent. Write it like https://hooks.example.com/in, without a user name, in at most %d characters.", MaxURL)
	}
	if len(n.Events) == 0 {
		f.Add("/events", "Choose at least one event.")
	}
	for _, e := range n.Events {
		if !slices.Contains(WebhookEvents(), e) {
			f.Add("/events", "There is no event %q.", e)
		}
	}
	checkText(&f, "/note", n.Note, 0, 500)
	return f.Err("This webhook cannot be saved as described.")
}

// WebhookChange says what becomes of a webhook; nil leaves a part as it is.
type WebhookChange struct {
	URL    *string
	Events *[]WebhookEvent
	Note   *string
	Active *bool
}
