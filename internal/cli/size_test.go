package cli

import "testing"

func TestParseSize(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want int64 // 0 when it is refused
	}{
		{"1", 1},
		{"1048576", 1 << 20},
		{"10B", 10},
		{"500MB", 500e6},
		{"500 MB", 500e6},
		{"2GiB", 2 << 30},
		{"1TiB", 1 << 40},
		{"0", 0},
		{"-1GiB", 0},
		{"", 0},
		{"GiB", 0},
		{"1.5GiB", 0},
		{"2gib", 0},
		{"2 apples", 0},
		{"9223372036854775807", 1<<63 - 1},
		{"9223372036854775807KiB", 0},
		{"99999999999999999999", 0},
	}
	for _, test := range tests {
		got, err := parseSize(test.text)
		if got != test.want || (err != nil) != (test.want == 0) {
			t.Errorf("%q: got %d, error %v, want %d", test.text, got, err, test.want)
		}
	}
}
