package usage

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store"
)

// settle ends a search and hands it over to be logged. The caller holds u.mu.
func (u *Usage) settle(t *typing) {
	t.timer.Stop()
	delete(u.typing, t.search.UserID)
	u.logSearch(t)
}

// logSearch hands a search over as it stands. The caller holds u.mu.
func (u *Usage) logSearch(t *typing) {
	search := t.search
	search.Shown = slices.Clone(search.Shown)
	search.SettledAt = earlier(u.store.Now(), t.last.Add(quietTime))
	waits := u.queue.offer(&entry{
		searches: []store.LoggedSearch{search},
		failed:   func(err error) { u.Log.Error("a search was not logged", "search", search.ID, "error", err) },
	})
	if !waits {
		u.Log.Warn("a search is not logged: too much waits to be written", "search", search.ID)
	}
}

// settleWhenQuiet starts the quiet time anew. The caller holds u.mu.
func (u *Usage) settleWhenQuiet(t *typing) {
	if t.timer != nil {
		t.timer.Stop()
	}
	taken := t.taken
	t.timer = time.AfterFunc(u.quiet, func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		// A timer may fire while the next keystroke waits for the lock, or the search be settled otherwise.
		if u.typing[t.search.UserID] == t && t.taken == taken {
			u.settle(t)
		}
	})
}

// settleNamed settles the person's search when a use names it: who uses a piece has stopped typing.
func (u *Usage) settleNamed(person uuid.UUID, uses []use) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if t := u.typing[person]; t != nil && slices.ContainsFunc(uses, func(use use) bool { return use.SearchID == t.search.ID }) {
		u.settle(t)
	}
}

func (u *Usage) settleAll() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, t := range u.typing {
		u.settle(t)
	}
}

func (u *Usage) logUnsettled() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, t := range u.typing {
		u.logSearch(t)
	}
}
