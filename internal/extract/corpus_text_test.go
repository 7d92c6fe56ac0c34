package extract

import (
	"strings"
	"testing"

	"golang.org/x/net/html/charset"

	"collateral/internal/demo/files"
)

func markupCorpus() []CorpusFile {
	rtf := func(body string) []byte {
		return []byte(`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Sans;}{\f1\fcharset204 Cyr;}}` + body + "}")
	}
	return []CorpusFile{
		{"formatted text", "letter.rtf", rtf(`{\b man}drake\par`), "mandrake", 1},
		{"Cyrillic in the font's encoding", "cyrillic.rtf", rtf(`{\f1 \'e1\'e0\'f0\'e2\'e8\'ed\'ee\'ea}`), "барвинок", 1},
		{"Unicode", "unicode.rtf", rtf(`\u23458?k\u228?se`), "客käse", 1},
		{"a table", "table.rtf", rtf(`\trowd\cellx1\intbl soapwort\cell\row`), "soapwort", 1},
		{"hidden text and a header", "hidden.rtf", rtf(`{\header no}{\v no}toadflax`), "toadflax", 1},
		{"pages", "pages.rtf", rtf(`one\page two\page speedwell`), "speedwell", 3},
		{"groups without end", "deep.rtf", []byte(strings.Repeat(`{\rtf1`, 10_000)), "", 0},
		{"a page", "page.html", []byte("<!DOCTYPE html><title>t</title><p>col<b>tsfoot</b></p><script>no()</script>"), "coltsfoot", 1},
		{"Latin 1, declared", "latin.html", []byte("<html><meta charset=iso-8859-1><p>ch\xeane"), "chêne", 1},
		{"a table", "table.html", []byte("<html><table><tr><td>a<td>lungwort</table>"), "lungwort", 1},
		{"UTF-16", "wide.html", []byte("\xff\xfe" + utf16Bytes("<html><p>ragwort", 0)), "ragwort", 1},
		{"a picture's description", "picture.html", []byte("<html><img src=x alt='a stitchwort'>"), "stitchwort", 1},
		{"scripts alone", "script.html", []byte("<html><script>no()</script>"), "", 0},
		{"headings and emphasis", "readme.md", []byte("# The mother**wort**\n\ntext"), "motherwort", 1},
		{"a link", "link.md", []byte("see [the lousewort](https://example.com/hidden)"), "lousewort", 1},
		{"a table", "table.md", []byte("| a | b |\n|---|---|\n| c | spearwort |"), "spearwort", 1},
		{"code", "code.md", []byte("```sh\nrun --with pennywort\n```"), "pennywort", 1},
		{"Windows-1252", "latin.md", []byte("# Bl\xfcten\n\nd\xe9j\xe0 na\xefve"), "blüten", 1},
	}
}

func textCorpus(t testing.TB) []CorpusFile {
	t.Helper()
	in := func(label, text string) []byte {
		enc, _ := charset.Lookup(label)
		raw, err := enc.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	const russian = "Каждый контейнер проверяется перед отправкой, и покупатель получает отчёт. "
	return []CorpusFile{
		{"UTF-8", "utf8.txt", []byte("grüne waldmeister"), "waldmeister", 1},
		{"UTF-8 with its mark", "mark.txt", []byte("\ufefffirst löwenzahn"), "löwenzahn", 1},
		{"UTF-16 with its mark", "utf16.txt", []byte("\xff\xfe" + utf16Bytes("first gänseblume", 0)), "gänseblume", 1},
		{"UTF-16 without mark", "utf16be.txt", []byte(utf16Bytes("words of a schlüsselblume", 1)), "schlüsselblume", 1},
		{"UTF-32", "utf32.txt", []byte("\xff\xfe\x00\x00" + utf32Bytes("first glockenblume")), "glockenblume", 1},
		{"Windows-1252", "latin.txt", in("windows-1252", "der süßklee – naïve"), "süßklee", 1},
		{"Windows-1251", "cyrillic.txt", in("windows-1251", russian+"Ромашка."), "ромашка", 1},
		{"KOI8-R", "koi8.txt", in("koi8-r", russian+"Василёк."), "василёк", 1},
		{"Windows-1250, Polish", "polish.txt", in("windows-1250", "Każdy kontener chłodniczy jest sprawdzany przed wysyłką. Kupujący otrzymuje raport o temperaturze przez całą drogę, również źdźbło."), "źdźbło", 1},
		{"ISO-8859-7, Greek", "greek.txt", in("iso-8859-7", "Κάθε εμπορευματοκιβώτιο ελέγχεται πριν από την αποστολή. Χαμομήλι."), "χαμομήλι", 1},
		{"Shift-JIS", "japanese.txt", in("shift_jis", "冷蔵コンテナの温度は、出荷から到着まで記録されます。"), "温度", 1},
		{"EUC-JP", "japanese-unix.txt", in("euc-jp", "お客様はその記録をいつでも見ることができます。紫陽花も。"), "紫陽花", 1},
		{"GBK", "chinese.txt", in("gbk", "冷藏集装箱的温度从发货到到达都有记录。客户可以随时查看牡丹。"), "牡丹", 1},
		{"Big5", "taiwan.txt", in("big5", "冷藏集裝箱的溫度從發貨到到達都有記錄。客戶可以隨時查看蘭花。"), "蘭花", 1},
		{"EUC-KR", "korean.txt", in("euc-kr", "냉장 컨테이너의 온도는 출하부터 도착까지 기록됩니다. 무궁화."), "무궁화", 1},
		{"form feeds", "printed.txt", []byte("one\ftwo\feyebright"), "eyebright", 3},
		{"control characters and overrides", "controls.txt", []byte("skull\u200bcap \u202e001\u202c \x1b[2J"), "skullcap", 1},
		{"commas", "list.csv", []byte("article,price\n\"ground ivy, dried\",12\nbugloss,7\n"), "bugloss", 1},
		{"tabulators", "list.tsv", []byte("article\tprice\nwoodruff\t12\n"), "woodruff", 1},
		{"white space alone", "blank.txt", []byte(" \n\t\n "), "", 0},
		{"a hundred megabytes of one letter", "letter.txt", []byte(strings.Repeat("a", 100<<20)), "", 0},
	}
}

func otherCorpus(t testing.TB) []CorpusFile {
	t.Helper()
	return []CorpusFile{
		{"a picture with a lying name", "deck.pptx", []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 100)), "", 0},
		{"an archive with a lying name", "guide.docx", zipped(t, map[string]string{"readme.txt": "no document"}), "", 0},
		{"a text with a lying name", "guide.pdf", []byte("a text with henbane"), "henbane", 1},
		{"HTML with a lying name", "note.txt", []byte("<!DOCTYPE html><p>dropwort"), "dropwort", 1},
		{"a presentation with a lying name", "plan.docx", write(t, files.PPTX, files.Deck{Info: sampleInfo(), Slides: []files.Slide{{Title: "x"}, {Title: "meadowsweet"}}}), "meadowsweet", 3},
		{"an archive of archives", "many.zip", nested(t), "", 0},
		{"bytes", "data.bin", []byte{1, 2, 0, 255, 254, 0}, "", 0},
	}
}
