package files

import (
	"fmt"
	"html/template"
	"io"
)

// HTML writes the document as one page without anything to fetch.
func HTML(w io.Writer, d Document) error {
	page, err := template.New("document").Parse(htmlPage)
	if err != nil {
		return fmt.Errorf("parsing the HTML page: %w", err)
	}
	err = page.Execute(w, map[string]any{
		"Doc":      d,
		"Language": d.language(),
		"Date":     d.date().Format("2 January 2006"),
		"Accent":   template.CSS("#" + d.accent().hex()),
		"Light":    template.CSS("#" + d.accent().tint(0.15).hex()),
	})
	if err != nil {
		return fmt.Errorf("writing the HTML document %q: %w", d.Title, err)
	}
	return nil
}

const htmlPage = `<!DOCTYPE html>
<html lang="{{.Language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Doc.Title}}</title>
<style>
body { margin: 0; font: 17px/1.55 system-ui, "Helvetica Neue", Arial, sans-serif; color: #2b2b2b; }
header { background: {{.Accent}}; color: #fff; padding: 2.5rem max(1.5rem, calc(50% - 23rem)); }
header h1 { margin: 0; font-size: 2.1rem; line-height: 1.2; }
header p { margin: .5rem 0 0; font-size: 1.15rem; }
main, footer { max-width: 46rem; margin: 0 auto; padding: 1rem 1.5rem; }
h2 { color: {{.Accent}}; margin: 2rem 0 .5rem; }
li::marker { color: {{.Accent}}; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top; }
th { background: {{.Light}}; }
footer { color: #6e6e6e; font-size: .85rem; border-top: 1px solid #ddd; }
</style>
</head>
<body>
<header>
<h1>{{.Doc.Title}}</h1>
{{- with .Doc.Subtitle}}
<p>{{.}}</p>
{{- end}}
</header>
<main>
{{- range .Doc.Sections}}
<section>
{{- with .Heading}}
<h2>{{.}}</h2>
{{- end}}
{{- range .Paragraphs}}
<p>{{.}}</p>
{{- end}}
{{- with .Bullets}}
<ul>
{{- range .}}
<li>{{.}}</li>
{{- end}}
</ul>
{{- end}}
{{- with .Table}}
<table>
{{- range $i, $row := .}}
<tr>{{range $row}}{{if $i}}<td>{{.}}</td>{{else}}<th>{{.}}</th>{{end}}{{end}}</tr>
{{- end}}
</table>
{{- end}}
</section>
{{- end}}
</main>
<footer>{{with .Doc.Author}}{{.}}, {{end}}{{.Date}}{{with .Doc.Footer}} · {{.}}{{end}}</footer>
</body>
</html>
`
