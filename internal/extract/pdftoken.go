package extract

import "strconv"

// word reads up to a space or delimiter. At the end of input it returns what there is; the end comes up again.
func (s *contentScanner) word(begun []byte) (string, error) {
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			return string(begun), nil //nolint:nilerr // see above
		}
		if isPDFSpace(c) || isPDFDelimiter(c) {
			return string(begun), s.in.UnreadByte()
		}
		if begun = append(begun, c); len(begun) > maxOperandLen {
			return "", errOperand
		}
	}
}

func (s *contentScanner) hexString() ([]byte, error) {
	var digits []byte
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			return nil, err
		}
		if c == '>' {
			return []byte(unhex(string(digits))), nil
		}
		if digits = append(digits, c); len(digits) > maxOperandLen {
			return nil, errOperand
		}
	}
}

// literalString reads after the opening parenthesis.
func (s *contentScanner) literalString() ([]byte, error) {
	var text []byte
	for depth := 1; ; {
		c, err := s.in.ReadByte()
		if err != nil {
			return nil, err
		}
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return text, nil
			}
		case '\\':
			if text, err = s.escaped(text); err != nil {
				return nil, err
			}
			continue
		}
		if text = append(text, c); len(text) > maxOperandLen {
			return nil, errOperand
		}
	}
}

// escaped appends what follows a backslash.
func (s *contentScanner) escaped(text []byte) ([]byte, error) {
	c, err := s.in.ReadByte()
	if err != nil {
		return nil, err
	}
	switch c {
	case 'n':
		return append(text, '\n'), nil
	case 'r':
		return append(text, '\r'), nil
	case 't':
		return append(text, '\t'), nil
	case 'b':
		return append(text, '\b'), nil
	case 'f':
		return append(text, '\f'), nil
	case '\n':
		return text, nil // the line goes on
	case '\r':
		if next, err := s.in.Peek(1); err == nil && next[0] == '\n' {
			_, _ = s.in.Discard(1)
		}
		return text, nil
	}
	if c < '0' || c > '7' {
		return append(text, c), nil
	}
	code := int(c - '0')
	for range 2 {
		next, err := s.in.Peek(1)
		if err != nil || next[0] < '0' || next[0] > '7' {
			break
		}
		code = code<<3 | int(next[0]-'0')
		_, _ = s.in.Discard(1)
	}
	return append(text, byte(code)), nil //nolint:nilerr // digits that end with the input are a code all the same
}

// skipPicture reads past the bytes of a picture, which end with EI between spaces.
func (s *contentScanner) skipPicture() error {
	var last [4]byte
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			return err
		}
		last = [4]byte{last[1], last[2], last[3], c}
		if isPDFSpace(last[0]) && last[1] == 'E' && last[2] == 'I' && isPDFSpace(last[3]) {
			return nil
		}
	}
}

// nameOf resolves #xx in a name.
func nameOf(raw string) string {
	name := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if code, err := strconv.ParseUint(raw[i+1:i+3], 16, 8); err == nil {
				name = append(name, byte(code))
				i += 2
				continue
			}
		}
		name = append(name, raw[i])
	}
	return string(name)
}

func numberOf(word string) (float64, bool) {
	if c := word[0]; c != '+' && c != '-' && c != '.' && (c < '0' || c > '9') {
		return 0, false
	}
	n, err := strconv.ParseFloat(word, 64)
	return n, err == nil
}

func isPDFSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isPDFDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	default:
		return false
	}
}
