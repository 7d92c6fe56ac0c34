package api

import (
	"errors"
	"io"
	"mime/multipart"
	"net/textproto"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// maxBatchName bounds a batch's name in bytes while it is read; the use case bounds it in characters.
const maxBatchName = 4 << 10

// readLibrary reads a form of the parts csv and name, in any order.
func readLibrary(form *multipart.Reader) (registry.Library, error) {
	var lib registry.Library
	seen := map[string]bool{}
	for {
		part, err := form.NextRawPart()
		if err == io.EOF { //nolint:errorlint // a wrapped EOF is a form that broke off
			break
		}
		if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
			return lib, unreadablePart()
		}
		if err != nil {
			return lib, brokenUpload()
		}
		name, limit := part.FormName(), map[string]int64{"csv": registry.MaxLibraryCSV, "name": maxBatchName}[part.FormName()]
		switch {
		case limit == 0:
			return lib, malformed([]collateral.Field{{Pointer: "/" + escape(name), Detail: "There is no such part. A library has csv and name."}})
		case seen[name]:
			return lib, malformed([]collateral.Field{{Pointer: "/" + name, Detail: "This part is there twice."}})
		}
		seen[name] = true
		content, err := io.ReadAll(io.LimitReader(part, limit+1))
		if err != nil {
			return lib, brokenUpload()
		}
		if int64(len(content)) > limit {
			return lib, collateral.FileTooLarge("/"+name, limit)
		}
		if name == "csv" {
			lib.CSV = content
		} else {
			lib.Name = string(content)
		}
	}
	var faults []collateral.Field
	for _, needed := range []string{"csv", "name"} {
		if !seen[needed] {
			faults = append(faults, collateral.Field{Pointer: "/" + needed, Detail: "This part is missing."})
		}
	}
	if len(faults) > 0 {
		return lib, malformed(faults)
	}
	return lib, nil
}
