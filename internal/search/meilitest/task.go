package meilitest

import "time"

// task is work that was taken and is done later, one task after the other.
type task struct {
	uid      int
	index    string
	kind     string
	do       func() *problem // under the server's lock
	status   string
	problem  *problem
	enqueued time.Time
}

// The states of a task.
const (
	enqueued  = "enqueued"
	succeeded = "succeeded"
	failed    = "failed"
)

// enqueue takes a task in, and returns what the server answers to it. The server's lock is held.
func (s *Server) enqueue(index, kind string, do func() *problem) map[string]any {
	t := &task{uid: len(s.tasks), index: index, kind: kind, do: do, status: enqueued, enqueued: time.Now().UTC()}
	s.tasks = append(s.tasks, t)
	s.nudge()
	return map[string]any{"taskUid": t.uid, "indexUid": index, "status": t.status, "type": kind, "enqueuedAt": t.enqueued}
}

func (s *Server) nudge() {
	select {
	case s.queued <- struct{}{}:
	default:
	}
}

// work does tasks in their order until the server ends.
func (s *Server) work() {
	next := 0
	for {
		select {
		case <-s.done:
			return
		case <-s.queued:
		}
		for s.workOne(next) {
			next++
		}
	}
}

func (s *Server) workOne(next int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.Hold || next >= len(s.tasks) {
		return false
	}
	t := s.tasks[next]
	if s.faults.TaskCode != "" {
		t.problem = &problem{Message: "A fault of the test.", Code: s.faults.TaskCode, Type: s.faults.TaskKind}
	} else {
		t.problem = t.do()
	}
	t.status = succeeded
	if t.problem != nil {
		t.status = failed
	}
	t.do = nil
	return true
}

func (t *task) view() map[string]any {
	view := map[string]any{"uid": t.uid, "indexUid": t.index, "status": t.status, "type": t.kind, "enqueuedAt": t.enqueued, "error": nil}
	if t.problem != nil {
		view["error"] = t.problem
	}
	return view
}
