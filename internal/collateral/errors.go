package collateral

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of refusal an Error is. The API and the pages turn it into a status; what has no kind is an
// internal fault and is hidden from the caller.
type Kind int

// The kinds of refusal.
const (
	Internal        Kind = iota // not a refusal: a fault of the program or of an engine behind it
	Malformed                   // the request cannot be read
	Invalid                     // the request can be read, and what it says is not allowed
	Unauthenticated             // nobody is signed in
	Forbidden                   // signed in, and not allowed
	NotFound                    // not there, or not for this person to see
	Gone                        // was there, and was purged
	Conflict                    // contradicts what is there now
	Stale                       // changed since it was read
	Unconditional               // a change that must name the revision it is based on, and does not
	Gate                        // not ready to be submitted or published; Fields lists everything missing
	TooLarge                    // over a limit of size
	Unsupported                 // a media type that is not taken
	TooMany                     // too many attempts; try again later
	Unavailable                 // a part behind the registry does not answer; try again later
	Full                        // there is no room left for what would be stored
)

// Field is one faulty or missing part of a request.
type Field struct {
	Pointer string // JSON pointer into the body ("/stages/0/role"), or "?name" for a query parameter
	Detail  string // a sentence: what is wrong and what to do
}

// Error is a refusal that may be shown to whoever asked.
type Error struct {
	Kind    Kind
	Message string // a sentence a marketer understands
	Fields  []Field
	// RetryAfter is how many seconds to wait before trying again; 0 when that is not known.
	RetryAfter int
}

func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Pointer + ": " + f.Detail
	}
	return e.Message + " (" + strings.Join(parts, "; ") + ")"
}

// Errorf makes a refusal of the given kind.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Fault makes an Invalid refusal about one field.
func Fault(pointer, format string, args ...any) *Error {
	detail := fmt.Sprintf(format, args...)
	return &Error{Kind: Invalid, Message: detail, Fields: []Field{{Pointer: pointer, Detail: detail}}}
}

// NoRoom is the refusal of what cannot be stored because a disk or a quota is full. Nothing of it was stored.
func NoRoom() *Error {
	return &Error{
		Kind:       Full,
		Message:    "There is no room left on the server's disk, so nothing was stored. Tell an admin; send it again when there is room.",
		RetryAfter: 60,
	}
}

// KindOf returns the kind of the first *Error in err's chain, or Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Faults collects every faulty field of one request, so that all are reported together.
type Faults []Field

// Add notes a fault.
func (f *Faults) Add(pointer, format string, args ...any) {
	*f = append(*f, Field{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
}

// Err returns nil without faults, else one Invalid error that lists them under the given sentence.
func (f Faults) Err(message string) error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: message, Fields: f}
}
