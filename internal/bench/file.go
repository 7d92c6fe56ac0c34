package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// uploadForm is a multipart body with one file, made once and sent many times with other content.
type uploadForm struct {
	body        []byte
	contentType string
	content     []byte // the part of body that is the file
}

const boundary = "bench-7d1f0a52c3"

func formHead(name string) string {
	return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"
}

const formTail = "\r\n--" + boundary + "--\r\n"

func newForm(name string, content []byte) *uploadForm {
	head := formHead(name)
	f := &uploadForm{contentType: "multipart/form-data; boundary=" + boundary}
	f.body = append(append(append(f.body, head...), content...), formTail...)
	f.content = f.body[len(head) : len(head)+len(content)]
	return f
}

// noise is bytes that are no document, so that nothing tries to read them, and that nothing can make smaller.
func noise(size int) []byte {
	content := make([]byte, size)
	random := rand.New(rand.NewPCG(3, 3))
	for i := range content {
		content[i] = byte(random.Uint32())
	}
	copy(content, []byte{0, 0, 0, 0})
	return content
}

// stamp makes the content one that was not sent before.
func (f *uploadForm) stamp(client, n int) {
	binary.BigEndian.PutUint32(f.content[4:], uint32(client))
	binary.BigEndian.PutUint64(f.content[8:], uint64(time.Now().UnixNano())+uint64(n))
}

// sendLarge uploads so many bytes without holding them, and returns how long that took and what was answered.
func (s *server) sendLarge(ctx context.Context, path, token string, size int64) (time.Duration, string, error) {
	head := formHead("large.bin")
	body := io.MultiReader(strings.NewReader(head), &repeated{block: noise(1 << 20), left: size}, strings.NewReader(formTail))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+path, body)
	if err != nil {
		return 0, "", err
	}
	req.ContentLength = int64(len(head)) + size + int64(len(formTail))
	req.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	req.Header.Set("Authorization", "Bearer "+token)
	began := time.Now()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusCreated {
		err = fmt.Errorf("uploading %d bytes: got %d: %s", size, res.StatusCode, answer)
	}
	return time.Since(began), string(answer), err
}

// repeated is a reader of one block again and again, numbered so that no two are the same.
type repeated struct {
	block []byte
	rest  []byte
	n     uint64
	left  int64
}

// Read implements io.Reader.
func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	if len(r.rest) == 0 {
		r.n++
		binary.BigEndian.PutUint64(r.block[16:], r.n)
		r.rest = r.block
	}
	n := copy(p[:min(int64(len(p)), r.left)], r.rest)
	r.rest = r.rest[n:]
	r.left -= int64(n)
	return n, nil
}

// page is a small document that can be read, with a word that stands in no other.
func page(text, ownWord string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!doctype html><title>%s</title><p>%s %s</p>\n", ownWord, text, ownWord)
	return b.Bytes()
}
