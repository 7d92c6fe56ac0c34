package extract

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"
)

// office is an open OOXML package: parts tied together by relationships.
type office struct{ *archive }

func openOffice(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (*office, error) {
	a, err := openArchive(ctx, r, size, lim)
	if err != nil {
		return nil, err
	}
	return &office{a}, nil
}

// relation is a link from one part to another.
type relation struct {
	ID, Type, Target, Mode string
}

// is compares the last word of the type, which transitional and strict OOXML share.
func (r relation) is(kind string) bool {
	return strings.HasSuffix(r.Type, "/"+kind) && r.Mode != "External"
}

// relations returns the links from a part, with targets as part names. A part without links has none; "" stands
// for the package itself.
func (o *office) relations(part string) ([]relation, error) {
	dir, base := path.Split(part)
	name := dir + "_rels/" + base + ".rels"
	if !o.has(name) {
		return nil, nil
	}
	var rels []relation
	err := o.walk(name, func(el xml.StartElement) (bool, error) {
		if el.Name.Local != "Relationship" {
			return true, nil
		}
		rel := relation{ID: attr(el, "Id"), Type: attr(el, "Type"), Target: attr(el, "Target"), Mode: attr(el, "TargetMode")}
		if after, absolute := strings.CutPrefix(rel.Target, "/"); absolute {
			rel.Target = after
		} else {
			rel.Target = path.Join(dir, rel.Target)
		}
		rels = append(rels, rel)
		return true, nil
	}, nil, nil)
	return rels, err
}

// mainPart returns the name of the part where the document begins.
func (o *office) mainPart() (string, error) {
	rels, err := o.relations("")
	if err != nil {
		return "", err
	}
	for _, rel := range rels {
		if rel.is("officeDocument") {
			return rel.Target, nil
		}
	}
	return "", fmt.Errorf("%w: the package names no document", Damaged)
}
