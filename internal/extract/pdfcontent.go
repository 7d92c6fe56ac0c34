package extract

import (
	"bufio"
	"context"
	"errors"
	"io"

	"github.com/ledongthuc/pdf"
)

// operand is what stands before an operator in a content stream.
type operand struct {
	kind   operandKind
	number float64
	text   string // of a string or name, decoded
	list   []operand
}

type operandKind int

const (
	isOther operandKind = iota // dictionaries and the like, which no text operator takes
	isNumber
	isString
	isName
	isArray
)

// The parser's own interpreter loops for ever on a string that does not end, and gives up at the first picture inside
// a stream. Hence this one, which always ends with its input and keeps to these limits.
const (
	maxOperands   = 1 << 14
	maxOperandLen = 1 << 20
)

var errOperand = errors.New("an operand is too long")

// contentReader returns the bytes of a stream, or of an array of streams that are to be read as one. It ends with ctx.
func contentReader(ctx context.Context, contents pdf.Value) io.Reader {
	var parts []io.Reader
	switch contents.Kind() {
	case pdf.Stream:
		parts = append(parts, contents.Reader())
	case pdf.Array:
		for i := range contents.Len() {
			if part := contents.Index(i); part.Kind() == pdf.Stream {
				parts = append(parts, part.Reader(), &oneSpace{})
			}
		}
	}
	return &endingReader{ctx, io.MultiReader(parts...)}
}

// oneSpace keeps the last word of a stream from running into the first of the next.
type oneSpace struct{ done bool }

func (s *oneSpace) Read(p []byte) (int, error) {
	if s.done || len(p) == 0 {
		return 0, io.EOF
	}
	s.done, p[0] = true, ' '
	return 1, nil
}

type endingReader struct {
	ctx context.Context
	in  io.Reader
}

func (r *endingReader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, r.ctx.Err()
	}
	return r.in.Read(p)
}

// contentScanner cuts a content stream into operators with their operands.
type contentScanner struct {
	in       *bufio.Reader
	operands []operand
	starts   []int // where arrays and dictionaries that are open begin among the operands
}

// scanContent calls do for each operator until the input ends or do fails.
func scanContent(in io.Reader, do func(op string, args []operand) error) error {
	s := contentScanner{in: bufio.NewReaderSize(in, 32<<10)}
	for {
		op, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if op == "" {
			continue
		}
		if err := do(op, s.operands); err != nil {
			return err
		}
		s.operands, s.starts = s.operands[:0], s.starts[:0]
		if op == "ID" {
			if err := s.skipPicture(); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
		}
	}
}

// next reads one token. An operator is returned, anything else becomes an operand.
func (s *contentScanner) next() (op string, err error) {
	if len(s.operands) > maxOperands || len(s.starts) > maxOperands {
		return "", errOperand
	}
	c, err := s.in.ReadByte()
	if err != nil {
		return "", err
	}
	switch {
	case isPDFSpace(c):
	case c == '%':
		for err == nil && c != '\n' && c != '\r' {
			c, err = s.in.ReadByte()
		}
	case c == '(':
		return "", s.push(s.literalString())
	case c == '/':
		name, err := s.word(nil)
		s.operands = append(s.operands, operand{kind: isName, text: nameOf(name)})
		return "", err
	case c == '[':
		s.starts = append(s.starts, len(s.operands))
	case c == ']':
		s.closeArray()
	case c == '<':
		if next, err := s.in.ReadByte(); err != nil || next != '<' {
			if err == nil {
				err = s.in.UnreadByte()
			}
			if err != nil {
				return "", err
			}
			return "", s.push(s.hexString())
		}
		s.starts = append(s.starts, len(s.operands))
	case c == '>':
		if next, err := s.in.ReadByte(); err == nil && next == '>' {
			s.closeDictionary()
		}
	case c == '{', c == '}', c == ')':
	default:
		word, err := s.word([]byte{c})
		if number, ok := numberOf(word); ok {
			s.operands = append(s.operands, operand{kind: isNumber, number: number})
			return "", err
		}
		if len(s.starts) > 0 { // true, false, null inside an array or dictionary
			s.operands = append(s.operands, operand{})
			return "", err
		}
		return word, err
	}
	return "", err
}

func (s *contentScanner) push(text []byte, err error) error {
	s.operands = append(s.operands, operand{kind: isString, text: string(text)})
	return err
}

func (s *contentScanner) closeArray() {
	if last := len(s.starts) - 1; last >= 0 {
		from := s.starts[last]
		list := append([]operand(nil), s.operands[from:]...)
		s.operands = append(s.operands[:from], operand{kind: isArray, list: list})
		s.starts = s.starts[:last]
	}
}

func (s *contentScanner) closeDictionary() {
	if last := len(s.starts) - 1; last >= 0 {
		s.operands = append(s.operands[:s.starts[last]], operand{})
		s.starts = s.starts[:last]
	}
}
