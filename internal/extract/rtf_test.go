package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRTF(t *testing.T) {
	t.Parallel()
	const fonts = `{\fonttbl{\f0\fcharset0 Sans;}{\f1\fcharset204 Sans Cyr;}{\f2\fcharset128 Mincho;}{\f3\cpg1250 Sans CE;}}`
	for _, test := range []struct {
		name, body string
		want       []string
	}{
		{"paragraphs", `one\par two\line three\tab four\
five`, []string{"one\ntwo\nthree four\nfive"}},
		{"formatting", `{\b bo}ld {\i\ul wor}d\~here non\_stop`, []string{"bold word here non-stop"}},
		{"characters that mean something", `\{a\\b\}`, []string{`{a\b}`}},
		{"quotes and dashes", `\ldblquote a\rdblquote  \endash  b\emdash c\rquote s`, []string{"“a” – b—c’s"}},
		{"bytes in the document's encoding", `caf\'e9 \'80`, []string{"café €"}},
		{"bytes as they are", "caf\xe9", []string{"café"}},
		{"bytes in a font's encoding", `{\f1 \'cf\'f0\'e8\'e2\'e5\'f2} caf\'e9`, []string{"Привет café"}},
		{"characters of two bytes", `{\f2 \'93\'fa\'96\'7b}\f3 \'e8`, []string{"日本č"}},
		{"Unicode with a replacement", `\u8364?\uc0\u8364\uc2\u8364??x`, []string{"€€€x"}},
		{"Unicode with a replacement in bytes", `\uc2\u26085\'93\'fa!`, []string{"日!"}},
		{"Unicode that is negative, and in two halves", `\u-4064? \u-10179?\u-8704?`, []string{"😀"}},
		{"replacements are counted in a group", `{\uc0\u8364}\u8364?x`, []string{"€€x"}},
		{"hidden text", `a{\v hidden}b \v hidden\v0 c`, []string{"ab c"}},
		{"groups that are not text", `{\info{\title no}}{\stylesheet{\s0 no;}}{\colortbl;\red0;}{\header no}{\footerf no}{\pict\pngblip 89504e47}{\*\generator no;}yes`, []string{"yes"}},
		{"pictures in bytes", "{\\pict\\bin5 }}{{\\}yes", []string{"yes"}},
		{"fields", `{\field{\*\fldinst HYPERLINK "http://example.com/no"}{\fldrslt here}}`, []string{"here"}},
		{"embedded objects", `{\object{\*\objdata 0102}{\result shown}}`, []string{"shown"}},
		{"text boxes", `{\shp{\*\shpinst{\sp{\sn wz}{\sv no}}{\shptxt boxed}}{\shprslt }}`, []string{"boxed"}},
		{"list marks", `{\listtext\'b7\tab}item\par`, []string{"item"}},
		{"footnotes and comments", `a{\super\chftn}{\footnote source}{\*\annotation no}`, []string{"a source"}},
		{"tables", `\trowd\cellx1\intbl a\cell b\cell\row\trowd c\cell d\cell\row`, []string{"a b\nc d"}},
		{"pages", `one\page two\par\pard\pagebb three`, []string{"one", "two", "three"}},
		{"the last brace is missing", `{\b open`, []string{"open"}},
		{"more after the end", `one}no`, []string{"one"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, typeRTF, []byte(`{\rtf1\ansi\ansicpg1252\deff0`+fonts+"\n"+test.body+"}"), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, res.Pages); diff != "" {
				t.Error("pages (-want +got):\n" + diff)
			}
		})
	}
}
