package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlainTextInAnyEncoding(t *testing.T) {
	t.Parallel()
	const want = "Grüße, café – naïve"
	for _, test := range []struct{ name, raw string }{
		{"UTF-8", want},
		{"UTF-8 with its mark", "\ufeff" + want},
		{"UTF-16 little endian", "\xff\xfe" + utf16Bytes(want, 0)},
		{"UTF-16 big endian", "\xfe\xff" + utf16Bytes(want, 1)},
		{"UTF-16 little endian without mark", utf16Bytes(want, 0)},
		{"UTF-16 big endian without mark", utf16Bytes(want, 1)},
		{"Windows-1252", "Gr\xfc\xdfe, caf\xe9 \x96 na\xefve"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, "text/plain", []byte(test.raw), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{want}, res.Pages); diff != "" {
				t.Error("pages (-want +got):\n" + diff)
			}
		})
	}
}

// utf16Bytes encodes characters of the basic plane; big is 1 for big endian, 0 for little.
func utf16Bytes(s string, big int) string {
	var b strings.Builder
	for _, r := range s {
		pair := [2]byte{byte(r), byte(r >> 8)}
		b.WriteByte(pair[big])
		b.WriteByte(pair[1-big])
	}
	return b.String()
}

func TestHTMLShowsWhatABrowserShows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, raw, want string }{
		{"paragraphs", "<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"},
		{"words in tags", "<b>col</b>lateral is <i>used</i>", "collateral is used"},
		{"entities", "a &lt;b&gt; &amp; &eacute;", "a <b> & é"},
		{"tables", "<table><tr><th>a<th>b<tr><td>c<td>d</table>", "a b\nc d"},
		{"nothing hidden", "<title>t</title><style>p{}</style><script>if(a<b)x()</script><template><p>no</template><noscript>no</noscript>yes", "t\nyes"},
		{"comments", "a<!-- <p>secret --> b", "a b"},
		{"charset in the document", "<meta charset=iso-8859-1><p>caf\xe9", "café"},
		{"charset by mark", "\xff\xfe" + utf16Bytes("<p>é", 0), "é"},
		{"never closed", "<div><p>open <script>x", "open"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, "text/html", []byte(test.raw), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want}, res.Pages); diff != "" {
				t.Error("pages (-want +got):\n" + diff)
			}
		})
	}
}

func TestHTMLWithAnEndlessTagIsTooLarge(t *testing.T) {
	t.Parallel()
	_, err := extractBytes(t, "text/html", []byte("<p title='"+strings.Repeat("x", maxHTMLToken+1)), testLimits())
	wantFailure(t, err, TooLarge)
}
