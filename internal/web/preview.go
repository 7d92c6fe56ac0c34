package web

import (
	"fmt"
	"strings"

	"collateral/internal/collateral"
)

// preview is how a version is shown within a page, by the part of that name.
type preview struct {
	Kind    string // "image", "video", "audio", "document", "html", "link" or "none"
	Address string // of the content, or of a link
	Version *collateral.Version
}

// previewOf says how to show a version: the published one, which counts as a use when it is opened, or any other to those who
// may see it.
func previewOf(v *collateral.Version, published bool) preview {
	p := preview{Kind: previewKind(v), Version: v, Address: fmt.Sprintf("/pieces/%s/versions/%d/content", v.AssetID, v.N)}
	switch {
	case v.IsLink():
		p.Address = v.URL
	case published:
		p.Address = fmt.Sprintf("/pieces/%s/content", v.AssetID)
	}
	return p
}

func previewKind(v *collateral.Version) string {
	media, _, _ := strings.Cut(v.MediaType, ";")
	general, _, _ := strings.Cut(media, "/")
	switch {
	case v.Purged:
		return "none"
	case v.IsLink():
		return "link"
	case media == "application/pdf", media == "text/plain":
		return "document"
	case media == "text/html", media == "image/svg+xml", media == "application/xhtml+xml":
		return "html"
	case general == "image" || general == "video" || general == "audio":
		return general
	}
	return "none"
}
