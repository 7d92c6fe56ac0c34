package collateral

import (
	"time"

	"github.com/google/uuid"
)

// Delivery is an event on its way to one webhook, and what became of it.
type Delivery struct {
	ID        uuid.UUID // also the id of the message, by which a receiver knows one that comes twice
	WebhookID uuid.UUID
	Event     WebhookEvent
	Body      string // JSON, the same in every attempt
	At        time.Time
	State     DeliveryState
	Attempts  int
	Status    int        // of the last answer; 0 when there was none
	Error     string     // what went wrong in the last attempt; empty for nothing
	NextAt    *time.Time // of the next attempt; nil when none follows
	EndedAt   *time.Time // when it was delivered or given up; nil before
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states.
const (
	DeliveryWaiting   DeliveryState = "waiting" // for its first attempt, or for another one
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryGivenUp   DeliveryState = "given_up"
)

// MaxDeliveryError bounds what is kept of a failure, in bytes.
const MaxDeliveryError = 300

// DeliveryPause is how long to wait after a failed attempt, counted from 1: seconds at first, for a receiver that is just
// being restarted, then hours, for about a day in all. It is false when no attempt follows.
func DeliveryPause(attempt int) (time.Duration, bool) {
	pauses := []time.Duration{
		5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 8 * time.Hour,
	}
	if attempt < 1 || attempt > len(pauses) {
		return 0, false
	}
	return pauses[attempt-1], true
}
