package extract

import "testing"

func TestClean(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, raw, want string }{
		{"spaces", "  two \t\u00a0 words  ", "two words"},
		{"lines", "one\r\n\r\n \n two\u2028three\n", "one\ntwo\nthree"},
		{"control characters", "a\x00b\x07c\x1b[31m", "a b c [31m"},
		{"invalid UTF-8", "caf\xe9 ol\xc3\xa9", "caf olé"},
		{"bidirectional overrides", "pay \u202e001\u202c \u2066x\u2069 \u200fy", "pay 001 x y"},
		{"invisible inside words", "mar\u00adket\u200bing\ufeff", "marketing"},
		{"ligatures", "o\ufb03ce \ufb01le", "office file"},
		{"composed form", "cafe\u0301", "café"},
		{"symbols of private fonts", "\uf0b7 item", "item"},
		{"right-to-left text stays", "שלום عالم", "שלום عالم"},
		{"joiners stay", "👩\u200d💻", "👩\u200d💻"},
		{"nothing", " \n\t\x00", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := clean(test.raw); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
