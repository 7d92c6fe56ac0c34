package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// fileClients is how many clients send or fetch files at the same time.
const fileClients = 8

// files measures uploads and downloads beside a bare server.
func (b *bench) files(ctx context.Context) (rows []row, err error) {
	f, err := b.newFileServers(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.stop(ctx)) }()
	for _, measure := range []func(context.Context) (row, error){
		f.uploads, f.downloads(1 << 20), f.downloads(16 << 20), f.largeUpload, f.largeDownload,
	} {
		r, err := measure(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// fileServers is the program and a bare server on the same disk.
type fileServers struct {
	*bench
	library *library
	program *server
	bare    *server
	folder  string // of the bare server

	largeAsset, largeDigest string // what largeUpload left for largeDownload
}

func (b *bench) newFileServers(ctx context.Context) (*fileServers, error) {
	l, err := b.newLibrary(ctx, store.SQLite, 10)
	if err != nil {
		return nil, err
	}
	f := &fileServers{bench: b, library: l}
	if f.program, err = b.serve(ctx, l); err != nil {
		return nil, err
	}
	if f.folder, err = b.place("bare"); err != nil {
		return nil, errors.Join(err, f.program.kill())
	}
	if f.bare, err = b.start(ctx, filepath.Join(f.folder, "log"), b.self, bareCommand, f.folder); err != nil {
		return nil, errors.Join(err, f.program.kill())
	}
	return f, nil
}

func (f *fileServers) stop(ctx context.Context) error {
	_ = f.bare.cmd.Process.Kill() // it knows no other end
	_ = f.bare.cmd.Wait()
	err := errors.Join(f.program.stop(), f.drop(ctx, f.library.database))
	return errors.Join(err, os.RemoveAll(f.folder), os.RemoveAll(f.library.folder))
}

func (f *fileServers) way(ctx context.Context) (way, error) {
	marketer, err := f.program.connect(ctx, f.library.tokenOf(collateral.Marketer))
	if err != nil {
		return way{}, err
	}
	approver, err := f.program.connect(ctx, f.library.tokenOf(collateral.Approver))
	return way{marketer: marketer, approver: approver}, err
}

// uploads sends files of 1 MB, each client to a piece of its own.
func (f *fileServers) uploads(ctx context.Context) (r row, err error) {
	w, err := f.way(ctx)
	if err != nil {
		return r, err
	}
	paths, forms := make([]string, fileClients), make([]*uploadForm, fileClients)
	for i := range paths {
		asset, err := w.describe(fmt.Sprintf("Upload %d", i))
		if err != nil {
			return r, err
		}
		paths[i], forms[i] = versionsOf(asset), newForm("piece.bin", noise(1<<20))
	}
	send := func(s *server, token string, path func(client int) string) func() (timing, error) {
		return func() (timing, error) {
			clients, err := s.connectAll(ctx, fileClients, token)
			if err != nil {
				return timing{}, err
			}
			defer closeAll(clients)
			return s.loadOn(ctx, fileClients, f.scale.round, func(client, n int) error {
				form := forms[client]
				form.stamp(client, n)
				return clients[client].want(http.StatusCreated, http.MethodPost, path(client), form.contentType, form.body)
			})
		}
	}
	program, bare, err := inTurns(2*f.scale.rounds,
		send(f.program, f.library.tokenOf(collateral.Marketer), func(client int) string { return paths[client] }),
		send(f.bare, "", func(int) string { return "/files" }))
	return row{
		what:     fmt.Sprintf("upload of 1 MB files, %d clients", fileClients),
		measured: sideBySide(program, bare),
		checks:   []check{atLeast(0.85, program.rate()/bare.rate(), "of the bare server's files a second")},
		limit:    "syncing: file, folders and commit of each upload",
	}, err
}

// downloads fetches published files of a size, as a rep. The larger ones are held to the aim: what a request costs beside
// its bytes is the same for any file.
func (f *fileServers) downloads(bytes int64) func(context.Context) (row, error) {
	return func(ctx context.Context) (r row, err error) {
		w, err := f.way(ctx)
		if err != nil {
			return r, err
		}
		form := newForm("piece.bin", noise(int(bytes)))
		asset, err := w.piece("Download", form)
		if err != nil {
			return r, err
		}
		c, err := f.bare.connect(ctx, "")
		if err != nil {
			return r, err
		}
		if err := c.want(http.StatusCreated, http.MethodPost, "/files", form.contentType, form.body); err != nil {
			return r, err
		}
		digest := c.body.String()
		fetch := func(s *server, token, path string) func() (timing, error) {
			return func() (timing, error) {
				clients, err := s.connectAll(ctx, fileClients, token)
				if err != nil {
					return timing{}, err
				}
				defer closeAll(clients)
				return s.loadOn(ctx, fileClients, f.scale.round, func(client, _ int) error {
					return clients[client].fetch(path, bytes)
				})
			}
		}
		program, bare, err := inTurns(f.scale.rounds,
			fetch(f.program, f.library.reps[0].token, basePath+"/assets/"+asset+"/content"),
			fetch(f.bare, "", "/files/"+digest))
		r = row{
			what:     fmt.Sprintf("download of %s files, %d clients", size(bytes), fileClients),
			measured: sideBySide(program, bare),
			limit:    "looking up who asks and what is published; the bytes are the kernel's business",
		}
		if ratio := program.rate() / bare.rate(); bytes > 1<<20 {
			r.checks = []check{atLeast(0.85, ratio, "of http.ServeContent's files a second")}
		} else {
			r.measured += fmt.Sprintf(" (%.2f of it)", ratio)
		}
		return r, err
	}
}

// fetch gets so many bytes and does not look at them.
func (c *client) fetch(path string, size int64) error {
	var got counter
	status, err := c.exchange(http.MethodGet, path, "", nil, &got)
	if err == nil && (status != http.StatusOK || int64(got) != size) {
		err = fmt.Errorf("GET %s: got %d and %d bytes, want %d bytes", path, status, got, size)
	}
	return err
}

// counter is a writer that counts.
type counter int64

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

var _ io.Writer = (*counter)(nil)

// sideBySide writes down both sides of a comparison.
func sideBySide(program, bare timing) string {
	return fmt.Sprintf("%.0f a second, p99 %s, %s of processor each; bare server %.0f a second, p99 %s, %s",
		program.rate(), short(program.percentile(99)), short(program.cpuEach()), bare.rate(), short(bare.percentile(99)), short(bare.cpuEach()))
}

// largeUpload sends one file that would not fit into the memory it may use.
func (f *fileServers) largeUpload(ctx context.Context) (r row, err error) {
	w, err := f.way(ctx)
	if err != nil {
		return r, err
	}
	if f.largeAsset, err = w.describe("Large"); err != nil {
		return r, err
	}
	before, err := f.program.memory("VmRSS")
	if err != nil {
		return r, err
	}
	peak := f.program.watch(ctx, "VmRSS")
	one, other, err := inTurns(2, func() (timing, error) {
		took, _, err := f.program.sendLarge(ctx, versionsOf(f.largeAsset), f.library.tokenOf(collateral.Marketer), f.scale.largeFile)
		return timing{took: []time.Duration{took}, elapsed: took}, err
	}, func() (timing, error) {
		took, digest, err := f.bare.sendLarge(ctx, "/files", "", f.scale.largeFile)
		f.largeDigest = digest
		return timing{took: []time.Duration{took}, elapsed: took}, err
	})
	grown := float64(peak()-before) / (1 << 20)
	if err != nil {
		return r, err
	}
	return row{
		what:     "upload of one file of " + size(f.scale.largeFile),
		measured: fmt.Sprintf("%s; bare server %s", short(one.elapsed/2), short(other.elapsed/2)),
		checks: []check{
			atLeast(0.9, other.elapsed.Seconds()/one.elapsed.Seconds(), "of the bare server's speed"),
			atMost(64, grown, " MiB", "more resident memory"),
		},
		limit: "SHA-256 and the disk; 256 kB of the file are in memory at a time",
	}, nil
}

// largeDownload fetches that file.
func (f *fileServers) largeDownload(ctx context.Context) (r row, err error) {
	fetch := func(s *server, token, path string) func() (timing, error) {
		return func() (timing, error) {
			c, err := s.connect(ctx, token)
			if err != nil {
				return timing{}, err
			}
			defer c.close()
			began := time.Now()
			err = c.fetch(path, f.scale.largeFile)
			return timing{elapsed: time.Since(began)}, err
		}
	}
	one, other, err := inTurns(f.scale.rounds,
		fetch(f.program, f.library.tokenOf(collateral.Marketer), versionsOf(f.largeAsset)+"/1/content"),
		fetch(f.bare, "", "/files/"+f.largeDigest))
	return row{
		what:     "download of that file",
		measured: fmt.Sprintf("%s; bare server %s", short(one.elapsed/time.Duration(f.scale.rounds)), short(other.elapsed/time.Duration(f.scale.rounds))),
		checks:   []check{atLeast(0.85, other.elapsed.Seconds()/one.elapsed.Seconds(), "of http.ServeContent's speed")},
		limit:    "the kernel, which sends the file without showing it to the program",
	}, err
}

// watch looks at a figure of the server's memory until the returned function is called, which returns the highest.
func (s *server) watch(ctx context.Context, name string) (peak func() int64) {
	ctx, stop := context.WithCancel(ctx)
	highest := make(chan int64)
	go func() {
		var most int64
		for pause(ctx, 20*time.Millisecond) == nil {
			if now, err := s.memory(name); err == nil {
				most = max(most, now)
			}
		}
		highest <- most
	}()
	return func() int64 {
		stop()
		return <-highest
	}
}

func size(bytes int64) string {
	if bytes >= 1<<30 {
		return fmt.Sprintf("%d GiB", bytes>>30)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}
