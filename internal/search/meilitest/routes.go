package meilitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// handle does one request under the server's lock; body is what was sent.
type handle func(r *http.Request, body []byte) (status int, view any, err error)

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handle{
		"GET /health":                                s.health,
		"GET /version":                               s.version,
		"GET /tasks/{task}":                          s.getTask,
		"GET /indexes":                               s.listIndexes,
		"POST /indexes":                              s.createIndex,
		"GET /indexes/{uid}":                         s.getIndex,
		"DELETE /indexes/{uid}":                      s.deleteIndex,
		"GET /indexes/{uid}/stats":                   s.stats,
		"GET /indexes/{uid}/settings":                s.getSettings,
		"PATCH /indexes/{uid}/settings":              s.patchSettings,
		"PUT /indexes/{uid}/settings/synonyms":       s.putSetting("synonyms"),
		"DELETE /indexes/{uid}/settings/synonyms":    s.putSetting("synonyms"),
		"PUT /indexes/{uid}/settings/facet-search":   s.putSetting("facetSearch"),
		"POST /indexes/{uid}/documents":              s.addDocuments,
		"POST /indexes/{uid}/documents/delete-batch": s.deleteDocuments,
		"POST /indexes/{uid}/documents/fetch":        s.fetchDocuments,
		"POST /indexes/{uid}/search":                 s.searchOne,
		"POST /multi-search":                         s.multiSearch,
		"POST /swap-indexes":                         s.swap,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, h) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.t.Errorf("the stand-in does not know %s %s", r.Method, r.URL.Path)
		answerProblem(w, refuse(http.StatusNotFound, "not_found", "no such route"))
	})
	return mux
}

const usualMaxBody = 100 << 20

func (s *Server) serve(w http.ResponseWriter, r *http.Request, h handle) {
	s.mu.Lock()
	faults := s.faults
	s.mu.Unlock()
	if faults.Answer != nil && faults.Answer(w, r) {
		return
	}
	if err := s.admit(r); err != nil {
		answerProblem(w, err)
		return
	}
	limit := int64(usualMaxBody)
	if faults.MaxBody > 0 {
		limit = faults.MaxBody
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if large := new(http.MaxBytesError); errors.As(err, &large) {
		answerProblem(w, refuse(http.StatusRequestEntityTooLarge, "payload_too_large", "The provided payload reached the size limit."))
		return
	}
	if err != nil {
		return // the client has gone
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err := s.contract.check(r); err != nil {
		s.t.Error(err)
		answerProblem(w, refuse(http.StatusBadRequest, "bad_request", "%v", err))
		return
	}
	status, view, err := s.handled(h, r, body)
	if err != nil {
		answerProblem(w, err)
		return
	}
	answer(w, status, view)
}

// handled returns the view as it is written: what it is made of changes as soon as the next task is worked on.
func (s *Server) handled(h handle, r *http.Request, body []byte) (status int, view json.RawMessage, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	status, shown, err := h(r, body)
	if err != nil {
		return 0, nil, err
	}
	view, err = json.Marshal(shown)
	return status, view, err
}

// admit checks the key, of everything but /health.
func (s *Server) admit(r *http.Request) error {
	if s.Key == "" || r.URL.Path == "/health" {
		return nil
	}
	given := r.Header.Get("Authorization")
	switch {
	case given == "":
		return refuse(http.StatusUnauthorized, "missing_authorization_header", "The Authorization header is missing. It must use the bearer authorization method.")
	case given != "Bearer "+s.Key:
		return refuse(http.StatusForbidden, "invalid_api_key", "The provided API key is invalid.")
	default:
		return nil
	}
}

func (s *Server) health(*http.Request, []byte) (int, any, error) {
	return http.StatusOK, map[string]string{"status": "available"}, nil
}

func (s *Server) version(*http.Request, []byte) (int, any, error) {
	version := Version
	if s.faults.Version != "" {
		version = s.faults.Version
	}
	return http.StatusOK, map[string]string{"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": version}, nil
}

func (s *Server) getTask(r *http.Request, _ []byte) (int, any, error) {
	uid, err := strconv.Atoi(r.PathValue("task"))
	if err != nil || uid < 0 || uid >= len(s.tasks) {
		return 0, nil, refuse(http.StatusNotFound, "task_not_found", "Task `%s` not found.", r.PathValue("task"))
	}
	return http.StatusOK, s.tasks[uid].view(), nil
}

func (s *Server) index(r *http.Request) (*index, error) {
	uid := r.PathValue("uid")
	x, ok := s.indexes[uid]
	if !ok {
		return nil, noIndex(uid)
	}
	return x, nil
}

func (x *index) view(uid string) map[string]any {
	return map[string]any{"uid": uid, "primaryKey": x.primaryKey, "createdAt": x.created, "updatedAt": x.created}
}

func (s *Server) listIndexes(*http.Request, []byte) (int, any, error) {
	views := []any{}
	for uid, x := range s.indexes {
		views = append(views, x.view(uid))
	}
	return http.StatusOK, map[string]any{"results": views, "offset": 0, "limit": len(views), "total": len(views)}, nil
}

var uids = regexp.MustCompile(`^[A-Za-z0-9_-]{1,400}$`)

func (s *Server) createIndex(_ *http.Request, body []byte) (int, any, error) {
	var wanted struct{ UID, PrimaryKey string }
	if err := json.Unmarshal(body, &wanted); err != nil {
		return 0, nil, refuse(http.StatusBadRequest, "bad_request", "%v", err)
	}
	if !uids.MatchString(wanted.UID) {
		return 0, nil, refuse(http.StatusBadRequest, "invalid_index_uid", "`%s` is not a valid index uid.", wanted.UID)
	}
	return http.StatusAccepted, s.enqueue(wanted.UID, "indexCreation", func() *problem {
		if _, there := s.indexes[wanted.UID]; there {
			return refuse(http.StatusConflict, "index_already_exists", "Index `%s` already exists.", wanted.UID)
		}
		s.indexes[wanted.UID] = newIndex(wanted.PrimaryKey)
		return nil
	}), nil
}

func (s *Server) getIndex(r *http.Request, _ []byte) (int, any, error) {
	x, err := s.index(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, x.view(r.PathValue("uid")), nil
}

func (s *Server) deleteIndex(r *http.Request, _ []byte) (int, any, error) {
	uid := r.PathValue("uid")
	return http.StatusAccepted, s.enqueue(uid, "indexDeletion", func() *problem {
		if _, there := s.indexes[uid]; !there {
			return noIndex(uid)
		}
		delete(s.indexes, uid)
		return nil
	}), nil
}

func (s *Server) stats(r *http.Request, _ []byte) (int, any, error) {
	x, err := s.index(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"numberOfDocuments": len(x.documents), "isIndexing": false, "fieldDistribution": map[string]int{}}, nil
}

func (s *Server) getSettings(r *http.Request, _ []byte) (int, any, error) {
	x, err := s.index(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, x.settings, nil
}

func (s *Server) patchSettings(r *http.Request, body []byte) (int, any, error) {
	return s.changeSettings(r.PathValue("uid"), body)
}

// putSetting replaces one setting, or without a body resets it.
func (s *Server) putSetting(name string) handle {
	return func(r *http.Request, body []byte) (int, any, error) {
		if r.Method == http.MethodDelete {
			body = []byte("null")
		}
		return s.changeSettings(r.PathValue("uid"), []byte(`{"`+name+`":`+string(body)+`}`))
	}
}

// changeSettings is a task that makes the index when it is not there, as the server does.
func (s *Server) changeSettings(uid string, patch []byte) (int, any, error) {
	var tried settings
	if err := json.Unmarshal(patch, &tried); err != nil {
		return 0, nil, refuse(http.StatusBadRequest, "bad_request", "%v", err)
	}
	return http.StatusAccepted, s.enqueue(uid, "settingsUpdate", func() *problem {
		x, there := s.indexes[uid]
		if !there {
			x = newIndex("")
			s.indexes[uid] = x
		}
		x.settings.patch(patch)
		x.reindex()
		return nil
	}), nil
}

func (s *Server) addDocuments(r *http.Request, body []byte) (int, any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return 0, nil, refuse(http.StatusBadRequest, "missing_payload", "A json payload is missing.")
	}
	var documents []map[string]any
	if err := json.Unmarshal(body, &documents); err != nil {
		return 0, nil, refuse(http.StatusBadRequest, "malformed_payload", "The `json` payload provided is malformed: %v", err)
	}
	uid, key := r.PathValue("uid"), r.URL.Query().Get("primaryKey")
	refused := s.faults.Refuse
	return http.StatusAccepted, s.enqueue(uid, "documentAdditionOrUpdate", func() *problem {
		x, there := s.indexes[uid]
		if !there {
			x = newIndex(key)
			s.indexes[uid] = x
		}
		return x.add(documents, refused)
	}), nil
}

func (s *Server) deleteDocuments(r *http.Request, body []byte) (int, any, error) {
	var ids []any
	if err := json.Unmarshal(body, &ids); err != nil {
		return 0, nil, refuse(http.StatusBadRequest, "malformed_payload", "%v", err)
	}
	uid := r.PathValue("uid")
	return http.StatusAccepted, s.enqueue(uid, "documentDeletion", func() *problem {
		x, there := s.indexes[uid]
		if !there {
			return noIndex(uid)
		}
		for _, id := range ids {
			x.remove(textOf(id))
		}
		return nil
	}), nil
}

func (s *Server) fetchDocuments(r *http.Request, body []byte) (int, any, error) {
	x, err := s.index(r)
	if err != nil {
		return 0, nil, err
	}
	asked := struct {
		Offset, Limit int
		Fields, IDs   []string
		Sort          []string
		Filter        any
	}{Limit: 20}
	if err := json.Unmarshal(body, &asked); err != nil {
		return 0, nil, refuse(http.StatusBadRequest, "bad_request", "%v", err)
	}
	found, err := x.filtered(asked.Filter)
	if err != nil {
		return 0, nil, err
	}
	if asked.IDs != nil {
		found = slices.DeleteFunc(found, func(d *document) bool { return !slices.Contains(asked.IDs, d.id) })
	}
	order, err := x.sorting(asked.Sort)
	if err != nil {
		return 0, nil, err
	}
	slices.SortStableFunc(found, order)
	page := found[min(asked.Offset, len(found)):min(asked.Offset+asked.Limit, len(found))]
	results := []any{}
	for _, d := range page {
		results = append(results, x.shown(d, asked.Fields))
	}
	return http.StatusOK, map[string]any{"results": results, "offset": asked.Offset, "limit": asked.Limit, "total": len(found)}, nil
}

func (s *Server) searchOne(r *http.Request, body []byte) (int, any, error) {
	x, err := s.index(r)
	if err != nil {
		return 0, nil, err
	}
	var q query
	if err := json.Unmarshal(body, &q); err != nil {
		return 0, nil, refuse(http.StatusBadRequest, "bad_request", "%v", err)
	}
	view, err := x.search(&q)
	return http.StatusOK, view, err
}

func (s *Server) multiSearch(_ *http.Request, body []byte) (int, any, error) {
	var asked struct{ Queries []query }
	if err := json.Unmarshal(body, &asked); err != nil {
		return 0, nil, refuse(http.StatusBadRequest, "bad_request", "%v", err)
	}
	results := []any{}
	for i := range asked.Queries {
		q := &asked.Queries[i]
		x, there := s.indexes[q.IndexUID]
		if !there {
			return 0, nil, noIndex(q.IndexUID)
		}
		view, err := x.search(q)
		if err != nil {
			return 0, nil, err
		}
		view["indexUid"] = q.IndexUID
		results = append(results, view)
	}
	return http.StatusOK, map[string]any{"results": results}, nil
}

func (s *Server) swap(_ *http.Request, body []byte) (int, any, error) {
	var swaps []struct {
		Indexes []string
		Rename  bool
	}
	if err := json.Unmarshal(body, &swaps); err != nil {
		return 0, nil, refuse(http.StatusBadRequest, "bad_request", "%v", err)
	}
	for _, w := range swaps {
		if len(w.Indexes) != 2 {
			return 0, nil, refuse(http.StatusBadRequest, "invalid_swap_indexes", "Two indexes must be given for each swap.")
		}
	}
	return http.StatusAccepted, s.enqueue("", "indexSwap", func() *problem {
		for _, w := range swaps {
			for _, uid := range w.Indexes {
				if _, there := s.indexes[uid]; !there {
					return noIndex(uid)
				}
			}
			a, b := w.Indexes[0], w.Indexes[1]
			s.indexes[a], s.indexes[b] = s.indexes[b], s.indexes[a]
		}
		return nil
	}), nil
}

// textOf writes a document's id, which may be a number.
func textOf(id any) string {
	switch id := id.(type) {
	case string:
		return id
	case float64:
		return strings.TrimSuffix(strconv.FormatFloat(id, 'f', -1, 64), ".0")
	default:
		return ""
	}
}

// now is when something was made.
func now() time.Time { return time.Now().UTC() }
