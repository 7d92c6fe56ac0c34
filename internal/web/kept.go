package web

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/labstack/echo/v4"
)

// kept is a form that was sent when its session was over. It waits within the page that asks to sign in, so that nothing
// typed is lost and nothing about a stranger has to be stored.
type kept struct {
	To     string     // the address that it was sent to
	Fields []keptText // in their order, without the token
	File   string     // the name of the field that carried a file, which has to be chosen again; "" for none
}

type keptText struct {
	Name, Value string
}

// keep reads a form of a stranger. Files are not kept: nobody may store anything here before signing in.
func keep(c echo.Context) (*kept, error) {
	k := &kept{To: c.Request().URL.RequestURI()}
	if isMultipart(c.Request()) {
		return k, k.readParts(c)
	}
	form, err := readForm(c)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			k.add(name, value)
		}
	}
	return k, nil
}

func (k *kept) add(name, value string) {
	if name != tokenField {
		k.Fields = append(k.Fields, keptText{name, value})
	}
}

// readParts reads the texts of a form up to its first file, which stands behind them in ours.
func (k *kept) readParts(c echo.Context) error {
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return unreadable()
	}
	for room := int64(maxForm); ; {
		part, err := parts.NextPart()
		if err == io.EOF { //nolint:errorlint // a form that breaks off gives another error
			return nil
		}
		if err != nil {
			return unreadable()
		}
		if part.FileName() != "" || part.Header.Get("Content-Type") != "" {
			k.File = part.FormName()
			return nil
		}
		text, err := io.ReadAll(io.LimitReader(part, room))
		if err != nil {
			return unreadable()
		}
		room -= int64(len(text))
		if room <= 0 {
			return nil
		}
		k.add(part.FormName(), string(text))
	}
}

// String writes the form for a hidden field.
func (k *kept) String() string {
	if k == nil {
		return ""
	}
	raw, err := json.Marshal(k)
	if err != nil {
		return "" // texts cannot fail
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// parseKept reads what String wrote; nil for anything else.
func parseKept(text string) *kept {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 {
		return nil
	}
	var k kept
	if json.Unmarshal(raw, &k) != nil {
		return nil
	}
	k.To = localPath(k.To)
	return &k
}
