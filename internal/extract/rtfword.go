package extract

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// word acts on a control word. One that is not known here is about looks, or names a group that \* allows to ignore.
func (t *rtfText) word(w rtfToken) {
	if w.word == "u" {
		t.unicode(w.value)
		return
	}
	if t.replaced > 0 { // a control word may stand in for \u too
		t.replaced--
		return
	}
	t.flush()
	if t.now.optional {
		t.now.optional = false
		if w.word != "shpinst" { // a text box
			t.now.ignored = true
		}
	}
	switch w.word {
	case "*":
		t.now.optional = true
	case "fonttbl":
		t.now.fontTable = true
	case "colortbl", "stylesheet", "info", "pict", "object", "fldinst", "listtext", "pntext", "nonshppict", "shprslt", "annotation",
		"atnid", "atnauthor", "sn", "sv", "tc", "xe", "bkmkstart", "bkmkend", "header", "headerl", "headerr", "headerf",
		"footer", "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "aftnsep", "nonesttables", "filetbl", "revtbl", "listtable", "do":
		t.now.ignored = true
	case "result": // what an embedded object looks like
		t.now.ignored = false
	case "v", "deleted":
		t.now.hidden = w.value != 0
	case "plain":
		t.now.hidden = false
	case "uc":
		t.now.skip = min(max(w.value, 0), 16)
	case "ansicpg":
		if e := codePage(w.value); e != nil {
			t.ansi, t.now.encoding = e, e
		}
	case "mac":
		t.ansi, t.now.encoding = charmap.Macintosh, charmap.Macintosh
	case "pc", "pca":
		t.ansi, t.now.encoding = charmap.CodePage437, charmap.CodePage437
	case "f", "deff":
		t.useFont(w)
	case "fcharset", "cpg":
		if e := t.fontEncoding(w); e != nil && len(t.fonts) < maxFonts {
			t.fonts[t.font] = e
		}
	case "page":
		if !t.now.ignored {
			t.turn()
		}
	case "pagebb": // this paragraph starts a page
		if !t.now.ignored && strings.TrimSpace(t.text.String()) != "" {
			t.turn()
		}
	default:
		t.write(rtfCharacter(w.word))
	}
}

func (t *rtfText) useFont(w rtfToken) {
	switch {
	case t.now.fontTable:
		t.font = w.value
	case w.word == "f":
		t.now.encoding = t.ansi
		if e := t.fonts[w.value]; e != nil {
			t.now.encoding = e
		}
	}
}

func (t *rtfText) fontEncoding(w rtfToken) encoding.Encoding {
	if !t.now.fontTable {
		return nil
	}
	if w.word == "cpg" {
		return codePage(w.value)
	}
	return codePage(charsetCodePage(w.value))
}

// rtfCharacter returns what a control word stands for in the text, if for anything.
func rtfCharacter(word string) string {
	switch word {
	case "par", "line", "row", "nestrow", "sect", "column":
		return "\n"
	case "tab", "cell", "nestcell":
		return "\t"
	case "~", "emspace", "enspace", "qmspace", "chftn":
		return " "
	case "_": // a hyphen that does not break
		return "-"
	case "emdash":
		return "—"
	case "endash":
		return "–"
	case "bullet":
		return "•"
	case "lquote":
		return "‘"
	case "rquote":
		return "’"
	case "ldblquote":
		return "“"
	case "rdblquote":
		return "”"
	case "zwj":
		return "\u200d"
	case "zwnj":
		return "\u200c"
	default:
		return ""
	}
}

// charsetCodePage turns the number by which Windows names the characters of a font into a code page; 0 for a font of
// symbols, or one that leaves it to the document.
func charsetCodePage(charset int) int {
	switch charset {
	case 0:
		return 1252
	case 77:
		return 10000
	case 128:
		return 932
	case 129:
		return 949
	case 134:
		return 936
	case 136:
		return 950
	case 161:
		return 1253
	case 162:
		return 1254
	case 163:
		return 1258
	case 177:
		return 1255
	case 178:
		return 1256
	case 186:
		return 1257
	case 204:
		return 1251
	case 222:
		return 874
	case 238:
		return 1250
	case 255:
		return 850
	default:
		return 0
	}
}

// codePage returns nil for a number nobody knows.
func codePage(number int) encoding.Encoding {
	switch number {
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 852:
		return charmap.CodePage852
	case 866:
		return charmap.CodePage866
	case 874:
		return charmap.Windows874
	case 932:
		return japanese.ShiftJIS
	case 936:
		return simplifiedchinese.GBK
	case 949:
		return korean.EUCKR
	case 950:
		return traditionalchinese.Big5
	case 1250:
		return charmap.Windows1250
	case 1251:
		return charmap.Windows1251
	case 1252:
		return charmap.Windows1252
	case 1253:
		return charmap.Windows1253
	case 1254:
		return charmap.Windows1254
	case 1255:
		return charmap.Windows1255
	case 1256:
		return charmap.Windows1256
	case 1257:
		return charmap.Windows1257
	case 1258:
		return charmap.Windows1258
	case 10000:
		return charmap.Macintosh
	default:
		return nil
	}
}
