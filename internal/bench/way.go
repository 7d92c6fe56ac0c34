package main

import (
	"fmt"
	"net/http"

	"collateral/internal/collateral"
)

// way takes pieces over HTTP through their life, as the people do whose clients these are.
type way struct {
	marketer, approver *client
}

// describe makes a piece without a file and returns its id.
func (w way) describe(title string) (id string, err error) {
	var asset struct{ ID string }
	err = w.marketer.post(http.StatusCreated, "/assets", map[string]any{
		"title": title, "type": "one-pager", "audience": "customer", "language": "en",
		"stages": []any{map[string]any{"stage": "validation", "role": "Shows the buyer that it works at their own depot.", "primary": true}},
	}, &asset)
	return asset.ID, err
}

func versionsOf(asset string) string { return basePath + "/assets/" + asset + "/versions" }

// upload adds a version with this file.
func (w way) upload(asset string, f *uploadForm) error {
	return w.marketer.want(http.StatusCreated, http.MethodPost, versionsOf(asset), f.contentType, f.body)
}

func (w way) submit(asset string) error {
	return w.marketer.post(http.StatusOK, "/assets/"+asset+"/submit", nil, nil)
}

// approveAndPublish is the last of it: the piece is to be found from then on.
func (w way) approveAndPublish(asset string) error {
	review := map[string]any{"version": 1, "decision": "approve"}
	if err := w.approver.post(http.StatusCreated, "/assets/"+asset+"/reviews", review, nil); err != nil {
		return err
	}
	return w.marketer.post(http.StatusOK, "/assets/"+asset+"/publish", nil, nil)
}

// piece does all of that.
func (w way) piece(title string, f *uploadForm) (id string, err error) {
	if id, err = w.describe(title); err != nil {
		return "", err
	}
	for _, step := range []func() error{
		func() error { return w.upload(id, f) },
		func() error { return w.submit(id) },
		func() error { return w.approveAndPublish(id) },
	} {
		if err := step(); err != nil {
			return "", fmt.Errorf("taking %q to publication: %w", title, err)
		}
	}
	return id, nil
}

func (l *library) tokenOf(r collateral.Role) string { return l.people[r].token }
