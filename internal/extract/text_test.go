package extract

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html/charset"
)

func TestPlainTextInAnyEncoding(t *testing.T) {
	t.Parallel()
	const want = "Grüße, café – naïve"
	for _, test := range []struct{ name, raw string }{
		{"UTF-8", want},
		{"UTF-8 with its mark", "\ufeff" + want},
		{"UTF-16 little endian", "\xff\xfe" + utf16Bytes(want, 0)},
		{"UTF-16 big endian", "\xfe\xff" + utf16Bytes(want, 1)},
		{"UTF-32 little endian", "\xff\xfe\x00\x00" + utf32Bytes(want)},
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

// TestPlainTextInGuessedEncodings has sentences as long as a statistical guess needs them.
func TestPlainTextInGuessedEncodings(t *testing.T) {
	t.Parallel()
	const (
		russian = "Каждый контейнер проверяется перед отправкой, и покупатель получает отчёт о температуре за весь путь."
		polish  = "Każdy kontener chłodniczy jest sprawdzany przed wysyłką. Kupujący otrzymuje raport o temperaturze przez całą drogę, również w święta."
		czech   = "Každý chladicí kontejner je před odesláním zkontrolován. Kupující obdrží zprávu o teplotě po celou cestu."
		greek   = "Κάθε εμπορευματοκιβώτιο ελέγχεται πριν από την αποστολή. Ο αγοραστής λαμβάνει αναφορά για τη θερμοκρασία."
		turkish = "Her soğutmalı konteyner gönderimden önce kontrol edilir. Alıcı, yol boyunca sıcaklık raporunu alır; bayram günlerinde de."
		german  = "Jeder Kühlcontainer wird vor dem Versand geprüft. Der Käufer erhält einen Bericht – auch an Feiertagen. Größe: 12 €."
		french  = "Chaque conteneur réfrigéré est vérifié avant l'expédition. L'acheteur reçoit un relevé, même les jours fériés."
	)
	for _, test := range []struct{ name, label, text string }{
		{"Cyrillic of Windows", "windows-1251", russian},
		{"Cyrillic of Windows, two words", "windows-1251", "Договор поставки"},
		{"Cyrillic of Unix", "koi8-r", russian},
		{"Cyrillic of ISO", "iso-8859-5", russian},
		{"Cyrillic in UTF-16", "utf-16le", russian},
		{"Polish", "windows-1250", polish},
		{"Polish of ISO", "iso-8859-2", polish},
		{"Czech", "windows-1250", czech},
		{"Greek", "iso-8859-7", greek},
		{"Turkish", "windows-1254", turkish},
		{"German", "windows-1252", german},
		{"French", "windows-1252", french},
		{"Hebrew", "windows-1255", "כל מכולה מקוררת נבדקת לפני המשלוח. הקונה מקבל דוח על הטמפרטורה לאורך כל הדרך."},
		{"Arabic", "windows-1256", "يتم فحص كل حاوية مبردة قبل الشحن. يتلقى المشتري تقريرا عن درجة الحرارة طوال الطريق."},
		{"Japanese of Windows", "shift_jis", "冷蔵コンテナの温度は、出荷から到着まで記録されます。"},
		{"Japanese of Unix", "euc-jp", "冷蔵コンテナの温度は、出荷から到着まで記録されます。"},
		{"Japanese of mail", "iso-2022-jp", "冷蔵コンテナの温度は、出荷から到着まで記録されます。"},
		{"Chinese", "gbk", "冷藏集装箱的温度从发货到到达都有记录。客户可以随时查看这些记录。"},
		{"Chinese of Taiwan", "big5", "冷藏集裝箱的溫度從發貨到到達都有記錄。客戶可以隨時查看這些記錄。"},
		{"Korean", "euc-kr", "냉장 컨테이너의 온도는 출하부터 도착까지 기록됩니다. 고객은 언제든지 그 기록을 볼 수 있습니다."},
		{"one word of Western Europe", "windows-1252", "Grüße"},
		{"quotes of Western Europe", "windows-1252", "“It’s cold”"},
		{"an accent late in a long text", "windows-1252", strings.Repeat("cold chain ", 20_000) + german},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			enc, _ := charset.Lookup(test.label)
			raw, err := enc.NewEncoder().Bytes([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			res, err := extractBytes(t, "text/plain", raw, testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.text}, res.Pages); diff != "" {
				t.Error("pages (-want +got):\n" + diff)
			}
		})
	}
}

func TestUTF8WithABadByteIsStillUTF8(t *testing.T) {
	t.Parallel()
	res, err := extractBytes(t, "text/plain", []byte("Grüße, café – naïve \xff “quotes” – ça va déjà"), testLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Grüße, café – naïve “quotes” – ça va déjà"}, res.Pages); diff != "" {
		t.Error("pages (-want +got):\n" + diff)
	}
}

func TestMarkdownShowsWhatItSays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, raw, want string }{
		{"headings", "# One #\n\nTwo\n===\n\nthree", "One\nTwo\nthree"},
		{"emphasis inside words", "mar**ket**ing _is_ ~~not~~ `code`", "marketing is not code"},
		{"links without addresses", "[the guide](https://example.com/x \"t\") and [ref][1]\n\n[1]: https://example.com/y", "the guide and ref"},
		{"pictures by what they show", "![a cold quay](quay.png) here", "a cold quay here"},
		{"fences", "```go\nfunc main()\n```\n\n    indented", "func main()\nindented"},
		{"lists and tasks", "- one\n- [ ] two\n  1. three", "one\ntwo\nthree"},
		{"tables", "| a | b |\n|---|:-:|\n| c | d |", "a b\nc d"},
		{"quotes and rules", "> said\n\n---\n\nleft", "said\nleft"},
		{"HTML", "<div align=\"center\">\n<b>bold</b> move\n</div>\n<!-- no -->\n<script>no()</script>", "bold move"},
		{"characters that only look like marks", "C++, C# and 2 * 3 < 7 & snake_case_name", "C++, C# and 2 * 3 < 7 & snake_case_name"},
		{"the mark of UTF-8", "\ufeff# One", "One"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, "text/markdown", []byte(test.raw), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want}, res.Pages); diff != "" {
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

// utf32Bytes encodes in little endian.
func utf32Bytes(s string) string {
	var b []byte
	for _, r := range s {
		b = binary.LittleEndian.AppendUint32(b, uint32(r))
	}
	return string(b)
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
		{"charset that nobody declares", "<p>\xca\xe0\xe6\xe4\xfb\xe9 \xea\xee\xed\xf2\xe5\xe9\xed\xe5\xf0 \xef\xf0\xee\xe2\xe5\xf0\xff\xe5\xf2\xf1\xff</p>", "Каждый контейнер проверяется"},
		{"charset by mark", "\xff\xfe" + utf16Bytes("<p>é", 0), "é"},
		{"pictures by what they show", `a<img src=x alt="cold &amp; quiet">b`, "a cold & quiet b"},
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
