package sharing

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store"
)

// Content opens what is published of a piece of a link, for a visitor of whom nothing is asked any more. No use of an account
// is recorded. With take, the visitor takes the file, which confirms that a person looks. A link without downloads gives out
// only what cannot be shown in any other way: pictures, sound, moving pictures and pages of HTML. A link with a watermark gives
// out beside those only PDFs, with whom it was given to on every page.
func (s *Sharing) Content(ctx context.Context, r Request, asset uuid.UUID, take bool) (*registry.Content, error) {
	d, v, err := s.version(ctx, r, asset)
	if err != nil {
		return nil, err
	}
	if !d.link.Downloads && !v.IsLink() && (take || !isPlayed(v.MediaType)) {
		return nil, collateral.Errorf(collateral.Forbidden, "This document can be read here, and not be taken. Ask the person who sent you the link for the file.")
	}
	open := s.Registry.OpenVersion
	if d.link.Watermark && !v.IsLink() && (take || !isPlayed(v.MediaType)) {
		open = func(ctx context.Context, v *collateral.Version) (*registry.Content, error) {
			return s.marked(ctx, d, v)
		}
	}
	content, err := open(ctx, v)
	if err != nil || !take {
		return content, err
	}
	_, err = s.onVisit(ctx, d.Visit.ID, func(_ *store.Store, j *judged) error {
		j.evidence.Inside, j.evidence.Conduct.Cookie, j.evidence.Conduct.Download = true, r.Key != "", true
		return nil
	})
	if err != nil && content.File != nil {
		return nil, errors.Join(err, content.Close())
	}
	return content, err
}

// isPlayed reports whether a browser needs the file itself to show it.
func isPlayed(mediaType string) bool {
	media, _, _ := strings.Cut(mediaType, ";")
	kind, _, _ := strings.Cut(media, "/")
	return kind == "image" || kind == "audio" || kind == "video" || media == "text/html" || media == "application/xhtml+xml"
}

// Picture returns how a page of a piece of a link looks, for a visitor of whom nothing is asked any more.
func (s *Sharing) Picture(ctx context.Context, r Request, asset uuid.UUID, page int) (*registry.Picture, error) {
	_, v, err := s.version(ctx, r, asset)
	if err != nil {
		return nil, err
	}
	return s.Registry.PictureOf(ctx, v, page)
}

// version is what a visitor may see of a piece now.
func (s *Sharing) version(ctx context.Context, r Request, asset uuid.UUID) (*Door, *collateral.Version, error) {
	d, err := s.arrive(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	if d.Ask != collateral.AskNothing {
		return nil, nil, collateral.Errorf(collateral.Forbidden, "The link asks for something first. Open its page.")
	}
	at := slices.IndexFunc(d.link.Pieces, func(p collateral.LinkedPiece) bool { return p.AssetID == asset })
	if at < 0 {
		return nil, nil, collateral.Errorf(collateral.NotFound, "There is no such document in this link.")
	}
	pieces, err := s.shown(ctx, d.link.Pieces[at:at+1])
	if err != nil {
		return nil, nil, err
	}
	if pieces[0].Version == nil {
		return nil, nil, collateral.Errorf(collateral.Gone, "%s", pieces[0].Notice)
	}
	return d, pieces[0].Version, nil
}
