package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// maxAttempts is how often a job is tried after the last time it was asked for. With the runner's back-off that is
// more than half a day: long enough for an engine that is down over night.
const maxAttempts = 25

// maxLastError bounds the text kept of a job's failure, in bytes.
const maxLastError = 2000

// ErrLeaseLost says that a job is no longer the caller's: its lease ran out and another runner took it over.
var ErrLeaseLost = errors.New("the job's lease ran out")

// Job is work that follows a change. It carries only what it is about; whoever does it loads the current rows. ID and
// Attempt together are the claim: after a takeover the former holder's pair fits nothing any more.
type Job struct {
	ID          uuid.UUID
	Kind        string
	Key         uuid.UUID
	Attempt     int // from 1
	MaxAttempts int
}

// IsLastAttempt reports whether a failure of this attempt is final.
func (j Job) IsLastAttempt() bool { return j.Attempt >= j.MaxAttempts }

// Enqueue asks for the work of this kind about each key, as part of the transaction it is called in. Asking again while
// the job waits changes nothing but that it is due now and has all its attempts again; asking while it runs makes another
// job, which starts when the running one has ended.
//
// The waiting row is written even when it exists: that locks it on PostgreSQL until this transaction ends, so nobody
// claims the job, loads the rows as they were before this change, and finishes it.
func (s *Store) Enqueue(ctx context.Context, kind string, keys ...uuid.UUID) error {
	return s.EnqueueIn(ctx, 0, kind, keys...)
}

// EnqueueIn is Enqueue for work that is not due before the delay is over, so that what is asked for many times until then
// is done once. It does not put off what is due earlier.
func (s *Store) EnqueueIn(ctx context.Context, delay time.Duration, kind string, keys ...uuid.UUID) error {
	if len(keys) == 0 {
		return nil
	}
	// In the order of the keys, so that of two who ask one waits for the other instead of failing.
	keys = slices.SortedFunc(slices.Values(keys), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	now := s.Now()
	var rows [][]any
	for _, key := range slices.Compact(keys) {
		rows = append(rows, []any{s.NewID(), kind, key, "ready", now.Add(delay), 0, maxAttempts, "", now})
	}
	err := s.insertMany(ctx, "jobs", []column{
		{"id", "uuid"}, {"kind", "text"}, {"key", "uuid"}, {"state", "text"}, {"run_at", "timestamptz"},
		{"attempt", "integer"}, {"max_attempts", "integer"}, {"last_error", "text"}, {"created_at", "timestamptz"},
	}, rows, `ON CONFLICT (kind, key) WHERE state = 'ready' DO UPDATE SET
		run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END,
		max_attempts = jobs.attempt + excluded.max_attempts`)
	if err != nil {
		return translate(err)
	}
	s.announceJobs()
	return nil
}

// announceJobs wakes this process's runners, inside a transaction when it has committed.
func (s *Store) announceJobs() {
	if s.inTx {
		*s.asked = true
		return
	}
	s.enqueued.announce()
}

// JobsEnqueued returns a channel that receives when this process has committed jobs, until stop is called. Jobs of other
// processes have to be looked for.
func (s *Store) JobsEnqueued() (heard <-chan struct{}, stop func()) { return s.enqueued.listen() }

// announcements are heard by everybody who listens.
type announcements struct {
	mu        sync.Mutex
	listeners map[chan struct{}]bool
}

func (a *announcements) listen() (heard <-chan struct{}, stop func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	listener := make(chan struct{}, 1)
	a.listeners[listener] = true
	return listener, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.listeners, listener)
	}
}

func (a *announcements) announce() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for listener := range a.listeners {
		select {
		case listener <- struct{}{}:
		default: // it is awake already
		}
	}
}

// ClaimJobs takes at most limit jobs of these kinds that are due, the longest due first, for the duration of the
// lease. A job about something that is being worked on for the same kind stays where it is.
//
// The rows are picked in a materialized expression, because PostgreSQL may otherwise run the inner query more than
// once and take more than limit. What runs out is not looked for here: that would keep the index of ready jobs from
// being used.
func (s *Store) ClaimJobs(ctx context.Context, kinds []string, limit int, lease time.Duration) ([]Job, error) {
	now := s.Now()
	var jobs []Job
	err := s.writer(ctx).Raw(`
		WITH due AS MATERIALIZED (
			SELECT j.id FROM jobs j
			WHERE j.state = 'ready' AND j.run_at <= ? AND j.kind IN ?
				AND NOT EXISTS (SELECT 1 FROM jobs r WHERE r.kind = j.kind AND r.key = j.key AND r.state = 'running')
			ORDER BY j.run_at, j.id LIMIT ? `+s.skipLocked()+`)
		UPDATE jobs SET state = 'running', attempt = attempt + 1, lease_until = ?
		WHERE id IN (SELECT id FROM due)
		RETURNING id, kind, key, attempt, max_attempts`,
		now, kinds, limit, now.Add(lease)).Scan(&jobs).Error
	return jobs, translate(err)
}

// TakeOverJobs takes at most limit jobs of these kinds whose holder has let the lease run out, as a process does that
// was killed. Those on their last attempt are buried instead: what ended so many holders would end this one.
func (s *Store) TakeOverJobs(ctx context.Context, kinds []string, limit int, lease time.Duration) ([]Job, error) {
	now := s.Now()
	err := s.writer(ctx).Exec(`
		UPDATE jobs SET state = 'dead', lease_until = NULL, last_error = 'the process that worked on it ended'
		WHERE id IN (SELECT id FROM jobs WHERE state = 'running' AND lease_until < ? AND kind IN ? AND attempt >= max_attempts `+s.skipLocked()+`)`, now, kinds).Error
	if err != nil {
		return nil, translate(err)
	}
	var jobs []Job
	err = s.writer(ctx).Raw(`
		WITH expired AS MATERIALIZED (
			SELECT id FROM jobs WHERE state = 'running' AND lease_until < ? AND kind IN ?
			ORDER BY lease_until, id LIMIT ? `+s.skipLocked()+`)
		UPDATE jobs SET attempt = attempt + 1, lease_until = ?
		WHERE id IN (SELECT id FROM expired)
		RETURNING id, kind, key, attempt, max_attempts`,
		now, kinds, limit, now.Add(lease)).Scan(&jobs).Error
	return jobs, translate(err)
}

// skipLocked lets claims of several processes pass each other on PostgreSQL. SQLite has one writer at a time.
func (s *Store) skipLocked() string {
	if s.Dialect() == Postgres {
		return "FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// RenewJob extends the lease from now; ErrLeaseLost when the job is not the caller's any more.
func (s *Store) RenewJob(ctx context.Context, j Job, lease time.Duration) error {
	return held(s.writer(ctx).Exec(`UPDATE jobs SET lease_until = ? WHERE id = ? AND attempt = ? AND state = 'running'`,
		s.Now().Add(lease), j.ID, j.Attempt))
}

// FinishJob forgets a job that is done, and the dead ones it makes up for; ErrLeaseLost when it is not the caller's
// any more.
func (s *Store) FinishJob(ctx context.Context, j Job) error {
	err := held(s.writer(ctx).Exec(`DELETE FROM jobs WHERE id = ? AND attempt = ? AND state = 'running'`, j.ID, j.Attempt))
	if err != nil {
		return err
	}
	return translate(s.writer(ctx).Exec(`DELETE FROM jobs WHERE kind = ? AND key = ? AND state = 'dead'`, j.Kind, j.Key).Error)
}

// RetryJob puts a job that failed back until runAt. When the same work was asked for in the meantime, that younger job
// takes its place. It must not be called inside a transaction. ErrLeaseLost when the job is not the caller's any more.
func (s *Store) RetryJob(ctx context.Context, j Job, runAt time.Time, cause error) error {
	err := held(s.writer(ctx).Exec(`
		UPDATE jobs SET state = 'ready', run_at = ?, lease_until = NULL, last_error = ?
		WHERE id = ? AND attempt = ? AND state = 'running'`, runAt, lastError(cause), j.ID, j.Attempt))
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return held(s.writer(ctx).Exec(`DELETE FROM jobs WHERE id = ? AND attempt = ? AND state = 'running'`, j.ID, j.Attempt))
	}
	return err
}

// PutOffJob is RetryJob for an attempt that does not count: what failed was not the job, and may last longer than all
// its attempts.
func (s *Store) PutOffJob(ctx context.Context, j Job, runAt time.Time, cause error) error {
	err := held(s.writer(ctx).Exec(`UPDATE jobs SET max_attempts = ? WHERE id = ? AND attempt = ? AND state = 'running'`,
		j.MaxAttempts+1, j.ID, j.Attempt))
	if err != nil {
		return err
	}
	return s.RetryJob(ctx, j, runAt, cause)
}

// BuryJob gives a job up. Its row stays with the cause until the same work succeeds. ErrLeaseLost when the job is not
// the caller's any more.
func (s *Store) BuryJob(ctx context.Context, j Job, cause error) error {
	return held(s.writer(ctx).Exec(`
		UPDATE jobs SET state = 'dead', lease_until = NULL, last_error = ?
		WHERE id = ? AND attempt = ? AND state = 'running'`, lastError(cause), j.ID, j.Attempt))
}

// HasOpenJobs reports whether a job of these kinds waits or runs, be it for another attempt.
func (s *Store) HasOpenJobs(ctx context.Context, kinds []string) (bool, error) {
	var open bool
	err := s.reader(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('ready', 'running') AND kind IN ?)`, kinds).Scan(&open).Error
	return open, translate(err)
}

// HasOpenJob reports whether the job of this kind about key waits or runs, be it for another attempt.
func (s *Store) HasOpenJob(ctx context.Context, kind string, key uuid.UUID) (bool, error) {
	var open bool
	err := s.reader(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('ready', 'running') AND kind = ? AND key = ?)`, kind, key).Scan(&open).Error
	return open, translate(err)
}

// DeadJob is work that was given up, until the same work succeeds.
type DeadJob struct {
	ID        uuid.UUID
	Kind      string
	Key       uuid.UUID
	Attempt   int
	LastError string
	CreatedAt time.Time
}

// DeadJobs returns at most limit jobs that were given up, the oldest first.
func (s *Store) DeadJobs(ctx context.Context, limit int) ([]DeadJob, error) {
	var jobs []DeadJob
	err := s.reader(ctx).Raw(`
		SELECT id, kind, key, attempt, last_error, created_at FROM jobs WHERE state = 'dead'
		ORDER BY created_at, id LIMIT ?`, limit).Scan(&jobs).Error
	return jobs, translate(err)
}

// ReviveJob asks again for the work of a job that was given up, and forgets that it was. It reports whether there was one,
// and returns it. It runs inside Tx.
func (s *Store) ReviveJob(ctx context.Context, id uuid.UUID) (DeadJob, bool, error) {
	var dead []DeadJob
	err := s.writer(ctx).Raw(`DELETE FROM jobs WHERE id = ? AND state = 'dead' RETURNING id, kind, key, attempt, last_error, created_at`, id).Scan(&dead).Error
	if err != nil || len(dead) == 0 {
		return DeadJob{}, false, translate(err)
	}
	return dead[0], true, s.Enqueue(ctx, dead[0].Kind, dead[0].Key)
}

// held turns the result of a statement about one claimed job into an error.
func held(result *gorm.DB) error {
	if result.Error != nil {
		return translate(result.Error)
	}
	if result.RowsAffected == 0 {
		return ErrLeaseLost
	}
	return nil
}

// lastError is what is kept of a failure: text that both databases can store.
func lastError(cause error) string {
	text := strings.ReplaceAll(strings.ToValidUTF8(cause.Error(), "?"), "\x00", "?")
	if len(text) > maxLastError {
		text = strings.ToValidUTF8(text[:maxLastError], "")
	}
	return text
}
