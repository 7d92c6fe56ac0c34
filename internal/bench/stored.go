package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// stored measures files in an S3 store, through the program and by the client library alone.
func (b *bench) stored(ctx context.Context) (rows []row, err error) {
	s, err := b.startStore(ctx)
	if errors.Is(err, errNoStore) {
		return []row{skipped("files in an S3 store", err.Error())}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.end()) }()
	l, err := b.newLibrary(ctx, store.SQLite, 10)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.drop(ctx, l.database), os.RemoveAll(l.folder)) }()

	f := &storedFiles{bench: b, library: l, store: s, form: newForm("large.bin", noise(int(b.scale.object)))}
	f.what = size(b.scale.object)
	for _, step := range []struct {
		flags   []string
		measure func(context.Context) (row, error)
	}{{nil, f.upload}, {nil, f.download}, {[]string{"--blob-links", "10m"}, f.linked}} {
		if f.program, err = b.serve(ctx, l, s.flags(step.flags...)...); err != nil {
			return nil, err
		}
		r, err := step.measure(ctx)
		if err != nil {
			return nil, errors.Join(err, f.program.kill())
		}
		rows = append(rows, r)
		if err := f.program.stop(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// storedFiles is the program on a store, and the store.
type storedFiles struct {
	*bench
	library *library
	store   *objectStore
	program *server
	form    *uploadForm
	what    string // size of each file
	asset   string // published, with the file
}

const storedKey = "beside/large.bin"

func (f *storedFiles) upload(ctx context.Context) (r row, err error) {
	marketer, err := f.program.connect(ctx, f.library.tokenOf(collateral.Marketer))
	if err != nil {
		return r, err
	}
	approver, err := f.program.connect(ctx, f.library.tokenOf(collateral.Approver))
	if err != nil {
		return r, err
	}
	w := way{marketer: marketer, approver: approver}
	sent, err := w.describe("Uploaded")
	if err != nil {
		return r, err
	}
	before, err := f.program.memory("VmRSS")
	if err != nil {
		return r, err
	}
	peak := f.program.watch(ctx, "VmRSS")
	n := 0
	program, direct, err := inTurns(f.scale.storedRounds, once(func() error {
		n++
		f.form.stamp(0, n)
		return w.upload(sent, f.form)
	}), once(func() error {
		_, err := f.store.client.PutObject(ctx, storeBucket, storedKey, bytes.NewReader(f.form.content), int64(len(f.form.content)), minio.PutObjectOptions{})
		return err
	}))
	grown := float64(peak()-before) / (1 << 20)
	if err != nil {
		return r, err
	}
	if f.asset, err = w.piece("Downloaded", f.form); err != nil {
		return r, err
	}
	return row{
		what: "upload of " + f.what, measured: f.beside(program, direct),
		checks: []check{
			atLeast(0.5, direct.elapsed.Seconds()/program.elapsed.Seconds(), "of the client library's speed"),
			atMost(64, grown, " MiB", "more resident memory"),
		},
		limit: "the bytes pass two connections, are hashed twice, and are copied by the store when their hash is known; four parts of 8 MiB are in memory",
	}, nil
}

func (f *storedFiles) download(ctx context.Context) (r row, err error) {
	c, err := f.program.connect(ctx, f.library.reps[0].token)
	if err != nil {
		return r, err
	}
	program, direct, err := inTurns(f.scale.storedRounds, once(func() error {
		return c.fetch(basePath+"/assets/"+f.asset+"/content", f.scale.object)
	}), once(func() error { return f.fetchDirectly(ctx) }))
	return row{
		what: "download of " + f.what, measured: f.beside(program, direct),
		checks: []check{atLeast(0.6, direct.elapsed.Seconds()/program.elapsed.Seconds(), "of the client library's speed")},
		limit:  "the bytes pass two connections, and are hashed",
	}, err
}

// linked is download by an address of the store. The first of a file takes a whole reading of it by the program, and is not
// timed.
func (f *storedFiles) linked(ctx context.Context) (r row, err error) {
	client := new(http.Client)
	fetch := func() error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+f.program.address+basePath+"/assets/"+f.asset+"/content", http.NoBody)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+f.library.reps[0].token) // which does not go along to the store
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		n, err := io.Copy(io.Discard, res.Body)
		if err == nil && (res.StatusCode != http.StatusOK || n != f.scale.object || res.Request.URL.Host == f.program.address) {
			err = fmt.Errorf("fetching from %s: got %d and %d bytes, want %d from the store", res.Request.URL.Host, res.StatusCode, n, f.scale.object)
		}
		return err
	}
	// A file that was stored within this minute is read each time.
	if err := pause(ctx, f.scale.storedAge); err != nil {
		return r, err
	}
	if err := errors.Join(fetch(), f.fetchDirectly(ctx)); err != nil {
		return r, err
	}
	program, direct, err := inTurns(2*f.scale.storedRounds, once(fetch), once(func() error { return f.fetchDirectly(ctx) }))
	return row{
		what: "download of " + f.what + " by an address of the store", measured: f.beside(program, direct),
		checks: []check{atLeast(0.95, direct.elapsed.Seconds()/program.elapsed.Seconds(), "of the client library's speed")},
		limit:  "the store",
	}, err
}

func (f *storedFiles) fetchDirectly(ctx context.Context) error {
	object, err := f.store.client.GetObject(ctx, storeBucket, storedKey, minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	defer func() { _ = object.Close() }()
	n, err := io.Copy(io.Discard, object)
	if err == nil && n != f.scale.object {
		err = fmt.Errorf("fetching directly: got %d bytes, want %d", n, f.scale.object)
	}
	return err
}

func (f *storedFiles) beside(program, direct timing) string {
	rate := func(t timing) float64 {
		return float64(f.scale.object) * float64(len(t.took)) / t.elapsed.Seconds() / (1 << 20)
	}
	return fmt.Sprintf("%.0f MiB/s; client library %.0f MiB/s", rate(program), rate(direct))
}

// once measures one thing that is done once.
func once(do func() error) func() (timing, error) {
	return func() (timing, error) {
		began := time.Now()
		err := do()
		took := time.Since(began)
		return timing{took: []time.Duration{took}, elapsed: took}, err
	}
}
