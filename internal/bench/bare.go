package main

import (
	"bufio"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// bareCommand makes this program the bare server: what it takes at least to keep a file that was acknowledged, in Go, with
// nothing around it. No accounts, no rules, no pieces.
const bareCommand = "serve-bare"

// bare takes multipart uploads, names files by their SHA-256, syncs file and folder, and commits one row for each.
type bare struct {
	folder string
	db     *sql.DB
}

func serveBare(folder string, out io.Writer) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE files (id integer primary key, sha256 text not null, size integer not null, at text not null)"); err != nil { //nolint:noctx // once, at the start
		return err
	}
	b := &bare{folder: folder, db: db}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /files", b.put)
	mux.HandleFunc("GET /files/{digest}", b.get)
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // until the process is killed
	if err != nil {
		return err
	}
	tell(out, "The bare server listens on http://%s\n", listener.Addr())
	return (&http.Server{Handler: mux, ReadHeaderTimeout: time.Second}).Serve(listener)
}

func (b *bare) put(w http.ResponseWriter, r *http.Request) {
	form, err := r.MultipartReader()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	part, err := form.NextPart()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	digest, err := b.keep(r, part)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, digest) // the client has gone otherwise
}

func (b *bare) keep(r *http.Request, part *multipart.Part) (string, error) {
	file, err := os.CreateTemp(b.folder, "put-*")
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	size, err := copyHashed(file, sum, part)
	if err != nil {
		return "", err
	}
	if err := file.Sync(); err != nil {
		return "", err
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	if err := os.Rename(file.Name(), filepath.Join(b.folder, digest)); err != nil {
		return "", err
	}
	if err := syncFolder(b.folder); err != nil {
		return "", err
	}
	_, err = b.db.ExecContext(r.Context(), "INSERT INTO files (sha256, size, at) VALUES (?, ?, ?)", digest, size, time.Now().UTC().String())
	return digest, err
}

// copyHashed copies in pieces of 256 kB. A part hands out 4 kB at a time, which is half as fast.
func copyHashed(file *os.File, sum hash.Hash, part *multipart.Part) (int64, error) {
	const buffer = 256 << 10
	both := bufio.NewWriterSize(io.MultiWriter(sum, file), buffer)
	size, err := io.CopyBuffer(struct{ io.Writer }{both}, part, make([]byte, 32<<10))
	return size, errors.Join(err, both.Flush())
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

func (b *bare) get(w http.ResponseWriter, r *http.Request) {
	file, err := os.Open(filepath.Join(b.folder, filepath.Base(r.PathValue("digest"))))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	defer file.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", time.Time{}, file)
}
