package jobs_test

import (
	"testing"
	"time"

	"collateral/internal/jobs"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		attempt int
		least   time.Duration
	}{
		{0, time.Second},
		{1, time.Second},
		{2, 2 * time.Second},
		{5, 16 * time.Second},
		{12, 2048 * time.Second},
		{13, jobs.MaxBackoff},
		{1000, jobs.MaxBackoff},
	}
	for _, test := range tests {
		for range 100 {
			got := jobs.Backoff(test.attempt)
			if got < test.least || got > test.least+test.least/4 {
				t.Errorf("attempt %d: got a pause of %s, want %s and up to a quarter more", test.attempt, got, test.least)
			}
		}
	}
}
