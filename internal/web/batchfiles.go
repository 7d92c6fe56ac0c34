package web

import (
	"context"
	"net/http"
	"path"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// awaited is the files that rows of a batch wait for. A browser names a file with the folders it was chosen with, or by its
// name alone.
type awaited struct {
	sources map[string]bool
	byName  map[string][]string // sources by the name of their file
}

func newAwaited() awaited {
	return awaited{sources: map[string]bool{}, byName: map[string][]string{}}
}

func (a awaited) add(source string) {
	a.sources[source] = true
	a.byName[path.Base(source)] = append(a.byName[path.Base(source)], source)
}

// match returns the row's source that a file is for: that of the same path, with or without the folders above the library's;
// else the only one of the same name. "" is none.
func (a awaited) match(name string) string {
	name = collateral.LibraryPath(name)
	for rest, more := name, true; more; _, rest, more = strings.Cut(rest, "/") {
		if a.sources[rest] {
			return rest
		}
	}
	if same := a.byName[path.Base(name)]; len(same) == 1 {
		return same[0]
	}
	return ""
}

// awaitedFiles tells a script which of its files rows wait for, so that no other is sent.
func (s *site) awaitedFiles(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	wanted, err := s.awaitedSources(c.Request().Context(), id)
	if err != nil {
		return err
	}
	sources := map[string]string{} // by the name that the script sent
	for _, name := range c.Request().PostForm["name"] {
		if source := wanted.match(name); source != "" {
			sources[name] = source
		}
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.JSON(http.StatusOK, map[string]any{"sources": sources, "awaited": len(wanted.sources)})
}

// taken is what became of the files of one form.
type taken struct {
	made    int
	failed  []failedFile
	strange []string
}

// takeBatchFiles makes pieces of the files of a form, one after the other as they come in. A script sends one at a time and
// asks for an answer that it can read.
func (s *site) takeBatchFiles(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	wanted, err := s.awaitedSources(ctx, id)
	if err != nil {
		return err
	}
	files, err := openFiles(c, maxForm)
	if err != nil {
		return err
	}
	var done taken
	for {
		file, err := files.next()
		if err != nil {
			return err
		}
		if file == nil {
			break
		}
		if err := s.takeBatchFile(ctx, id, wanted, files.name, file, &done); err != nil {
			return err
		}
	}
	if c.Request().Header.Get(echo.HeaderAccept) == echo.MIMEApplicationJSON {
		answer := map[string]any{"made": done.made}
		if len(done.failed) > 0 {
			answer["fault"] = done.failed[0].Detail
		}
		return c.JSON(http.StatusOK, answer)
	}
	if len(done.failed)+len(done.strange) > 0 {
		return s.showBatch(c, http.StatusOK, batch{Failed: done.failed, Strange: done.strange})
	}
	if done.made == 0 {
		return s.done(c, "/work/batches/"+id.String(), "No file was chosen.")
	}
	return s.done(c, "/work/batches/"+id.String(), "%s became %s.", plural(done.made, "file", "files"), map[bool]string{true: "a piece", false: "pieces"}[done.made == 1])
}

// takeBatchFile makes the piece of one file. What is wrong with it keeps none of the others back.
func (s *site) takeBatchFile(ctx context.Context, id uuid.UUID, wanted awaited, name string, file *filePart, done *taken) error {
	source := wanted.match(name)
	if source == "" {
		done.strange = append(done.strange, name)
		return nil // the form's next part is looked for behind it
	}
	_, made, err := s.registry.ImportFile(ctx, actorOf(ctx), id, source, file)
	if err != nil {
		refusal, ok := isRefusal(err)
		if !ok || refusal.Kind == collateral.Full || refusal.Kind == collateral.Unavailable {
			return err
		}
		done.failed = append(done.failed, failedFile{source, refusal.Error()})
		return nil
	}
	if made {
		done.made++
	}
	return nil
}
