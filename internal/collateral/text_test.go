package collateral

import "testing"

func TestNormalLanguage(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", " EN ": "en", "pt-br": "pt-BR", "ZH-hant-tw": "zh-Hant-TW", "de-CH-1996": "de-CH-1996", "en-x-Us": "en-x-us", //nolint:gocritic // the blanks are to be trimmed
	} {
		if got := NormalLanguage(in); got != want {
			t.Errorf("NormalLanguage(%q): got %q, want %q", in, got, want)
		}
	}
}
