package bleveindex

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"go.etcd.io/bbolt"
)

// ErrInUse is returned by Open when another process has the folder.
var ErrInUse = errors.New("another process has it open")

// The folder holds the index itself, the last damaged one, and the lock. Nothing else in it is touched.
const (
	indexFolder   = "index"
	damagedFolder = "index.damaged"
	lockFile      = "lock"
	logFile       = "root.bolt" // within the index: scorch's log of commits
	roomFile      = "room"      // there while it is tried how much room there is
)

// Values that the index holds beside its documents.
const (
	schemaKey   = "schema"
	writtenKey  = "written"  // a number that differs from commit to commit
	synonymsKey = "synonyms" // JSON: groups of terms
)

// lockWait is for how long a second process waits for the first one to end, as on a restart.
const lockWait = time.Second

// Open opens the index in a folder, which is made when it is not there. Fresh tells that the index is empty, because
// it is new, or was written by another version of the program, or was damaged: then the caller puts everything anew. A
// damaged index is set aside beside the new one. When another process has the folder, the error is ErrInUse.
func Open(path string) (x *Index, fresh bool, err error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, false, fmt.Errorf("opening the search index: %w", err)
	}
	lock, err := lockFolder(filepath.Join(path, lockFile))
	if err != nil {
		return nil, false, fmt.Errorf("opening the search index in %s: %w", path, err)
	}
	x = &Index{
		folder: path, lock: lock, columns: newColumnCache(),
		analysis: index.NewAnalysisQueue(runtime.GOMAXPROCS(0)),
		rest:     rest{pause: restPause}, done: make(chan struct{}),
	}
	if fresh, err = x.open(filepath.Join(path, indexFolder)); err != nil {
		x.analysis.Close()
		return nil, false, fmt.Errorf("opening the search index in %s: %w", path, errors.Join(err, lock.release()))
	}
	x.ends.Go(x.watch)
	return x, fresh, nil
}

func (x *Index) open(folder string) (fresh bool, err error) {
	_, err = os.Stat(folder)
	switch {
	case err == nil:
		opened, fault := x.openExisting(folder)
		if fault == nil {
			return x.resume(opened)
		}
		if err := setAside(folder, fault); err != nil {
			return false, err
		}
	case !errors.Is(err, os.ErrNotExist):
		return false, err
	}
	return true, x.create(folder)
}

// errOutdated is the fault of a sound index that another version of the program wrote.
var errOutdated = errors.New("another version of the program wrote it")

// openExisting opens the index and tells whether everything in it can be read. A file that was cut off can make its
// reader panic, even by a memory fault, since files are mapped; here that is a fault like any other.
func (x *Index) openExisting(folder string) (opened *scorch.Scorch, fault error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			opened, fault = nil, fmt.Errorf("reading it panics: %v", p)
		}
	}()
	if err := x.check(folder); err != nil {
		return nil, err
	}
	s, err := x.newScorch(folder, forWriting)
	if err != nil {
		return nil, err
	}
	if err := s.Open(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// check compares what is in the folder with what must be there. It opens the index for reading only: once it is open for
// writing, goroutines of its own read the files, and a fault there ends the process.
func (x *Index) check(folder string) error {
	if err := checkLog(filepath.Join(folder, logFile)); err != nil {
		return err
	}
	newest, err := newestCommit(folder)
	if err != nil {
		return err
	}
	s, err := x.newScorch(folder, forReading)
	if err != nil {
		return err
	}
	if err := s.Open(); err != nil {
		return errors.Join(err, s.Close())
	}
	return errors.Join(checkSnapshot(s, newest), s.Close())
}

// checkLog tells whether the commit log has all the pages that its header counts. Bbolt does not look, maps what is not
// there, and faults when it comes to it, perhaps much later.
func checkLog(path string) error {
	log, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: lockWait})
	if err != nil {
		return fmt.Errorf("its commit log: %w", err)
	}
	defer func() { _ = log.Close() }()
	return log.View(func(tx *bbolt.Tx) error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Size() < tx.Size() {
			return fmt.Errorf("its commit log is cut off: %d of %d bytes", info.Size(), tx.Size())
		}
		return nil
	})
}

// newestCommit returns the mark of the last commit. Scorch passes over a commit that it cannot load, and opens with an
// older one or with nothing.
func newestCommit(folder string) (string, error) {
	points, err := scorch.RollbackPoints(folder)
	if err != nil {
		return "", err
	}
	if len(points) == 0 {
		return "", errors.New("it has no commit")
	}
	return string(points[0].GetInternal([]byte(writtenKey))), nil
}

// checkSnapshot compares what was opened with what must be there.
func checkSnapshot(s *scorch.Scorch, newest string) error {
	snapshot, err := currentSnapshot(s)
	if err != nil {
		return err
	}
	defer func() { _ = snapshot.Close() }()
	schema, err := snapshot.GetInternal([]byte(schemaKey))
	if err != nil {
		return err
	}
	written, err := snapshot.GetInternal([]byte(writtenKey))
	if err != nil {
		return err
	}
	switch {
	case string(written) != newest:
		return errors.New("its last commit cannot be read")
	case len(schema) > 0 && string(schema) != schemaVersion:
		return errOutdated
	case len(schema) == 0:
		return errors.New("it does not say which version wrote it")
	}
	for _, s := range snapshot.Segments() {
		if file, ok := s.Segment().(segment.PersistedSegment); ok {
			if err := checkSum(file.Path()); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSum compares a segment's file with the CRC-32 at its end, which scorch writes and does not read.
func checkSum(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, file, max(info.Size()-crc32.Size, 0)); err != nil {
		return err
	}
	var want [crc32.Size]byte
	if _, err := io.ReadFull(file, want[:]); err != nil {
		return fmt.Errorf("segment %s is cut off: %w", filepath.Base(path), err)
	}
	if sum.Sum32() != binary.BigEndian.Uint32(want[:]) {
		return fmt.Errorf("segment %s is not what was written", filepath.Base(path))
	}
	return nil
}

// setAside makes room for a new index. A sound one of another version can be made again at any time; a damaged one is
// kept, until the next, for whoever wants to know how it came about.
func setAside(folder string, fault error) error {
	if errors.Is(fault, errOutdated) {
		return os.RemoveAll(folder)
	}
	damaged := filepath.Join(filepath.Dir(folder), damagedFolder)
	if err := os.RemoveAll(damaged); err != nil {
		return err
	}
	return os.Rename(folder, damaged)
}

// resume goes on where the index was left. An empty one counts as fresh: whoever made it may have ended before it was
// filled.
func (x *Index) resume(s *scorch.Scorch) (fresh bool, err error) {
	snapshot, err := currentSnapshot(s)
	if err != nil {
		return false, errors.Join(err, s.Close())
	}
	defer func() { _ = snapshot.Close() }()
	x.scorch = s
	mark, err := snapshot.GetInternal([]byte(writtenKey))
	if err != nil {
		return false, errors.Join(err, s.Close())
	}
	written, err := strconv.ParseUint(string(mark), 10, 64)
	if err != nil {
		return false, errors.Join(err, s.Close())
	}
	x.written.Store(written)
	if err := x.loadSynonyms(snapshot); err != nil {
		return false, errors.Join(err, s.Close())
	}
	count, err := snapshot.DocCount()
	if err != nil {
		return false, errors.Join(err, s.Close())
	}
	return count == 0, nil
}

func (x *Index) create(folder string) error {
	s, err := x.newScorch(folder, forWriting)
	if err != nil {
		return err
	}
	if err := s.Open(); err != nil {
		return errors.Join(err, s.Close())
	}
	first := index.NewBatch()
	first.SetInternal([]byte(schemaKey), []byte(schemaVersion))
	first.SetInternal([]byte(writtenKey), []byte("0"))
	if err := commit(s, first); err != nil {
		return errors.Join(err, s.Close())
	}
	x.scorch = s
	return nil
}

// mode is what a scorch index is opened for.
type mode bool

const (
	forWriting mode = false
	forReading mode = true
)

// newScorch makes a scorch index that does not wait for its own commits: the segment of a batch that it cannot commit would
// be closed on us, while a query reads it, and take the process along.
func (x *Index) newScorch(folder string, m mode) (*scorch.Scorch, error) {
	made, err := scorch.NewScorch(scorch.Name, map[string]any{"path": folder, "read_only": bool(m), "unsafe_batch": true}, x.analysis)
	if err != nil {
		return nil, err
	}
	s, ok := made.(*scorch.Scorch)
	if !ok {
		return nil, fmt.Errorf("scorch made an index of type %T", made)
	}
	return s, nil
}
