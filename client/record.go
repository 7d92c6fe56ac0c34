package client

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
)

// The file of a queue is records one after the other, each a mark of four bytes, the length of its content, the CRC-32C of
// mark, length and content, and the content. A use's content is its event; the content of a note of what is done is the
// place in the file up to which every use is.
const (
	useMark  = "\xc0use"
	doneMark = "\xc0end"

	markSize   = 4
	headerSize = markSize + 4 + 4
	noteSize   = 8
)

func appendRecord(to []byte, mark string, content []byte) []byte {
	start := len(to)
	to = append(to, mark...)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(content)))
	to = binary.LittleEndian.AppendUint32(to, checksum(to[start:], content))
	return append(to, content...)
}

func appendNote(to []byte, place int64) []byte {
	return appendRecord(to, doneMark, binary.LittleEndian.AppendUint64(nil, uint64(place)))
}

func checksum(header, content []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(header, table), table, content)
}

// readRecord returns the record at the beginning of data; ok says whether there is a whole and sound one.
func readRecord(data []byte) (mark string, content []byte, ok bool) {
	if len(data) < headerSize {
		return "", nil, false
	}
	mark = string(data[:markSize])
	length := int64(binary.LittleEndian.Uint32(data[markSize:]))
	if length > maxEvent || int64(len(data)) < headerSize+length {
		return "", nil, false
	}
	content = data[headerSize : headerSize+length]
	if checksum(data[:markSize+4], content) != binary.LittleEndian.Uint32(data[markSize+4:]) {
		return "", nil, false
	}
	return mark, content, mark == useMark && json.Valid(content) || mark == doneMark && length == noteSize
}

// contents is what the file of a queue holds.
type contents struct {
	uses  []kept // those not done
	clean bool   // nothing but records
	// damaged is a file that a crash does not explain: all that crashes leave is a last record that is not whole.
	damaged bool
}

// kept is an event in the file.
type kept struct {
	start, end int64 // of its record
	number     uint64
}

// scan reads a whole file. Past what is damaged it goes on with the next sound record.
func scan(data []byte) contents {
	c := contents{clean: true}
	var done int64
	for at := 0; at < len(data); {
		mark, content, ok := readRecord(data[at:])
		if !ok {
			c.clean = false
			next := nextRecord(data, at+1)
			c.damaged = c.damaged || next < len(data) || !torn(data[at:])
			at = next
			continue
		}
		end := at + headerSize + len(content)
		if mark == useMark {
			c.uses = append(c.uses, kept{start: int64(at), end: int64(end)})
		} else {
			// A note that speaks of what comes after it is none.
			done = max(done, min(int64(at), int64(min(binary.LittleEndian.Uint64(content), uint64(at)))))
		}
		at = end
	}
	for len(c.uses) > 0 && c.uses[0].end <= done {
		c.uses = c.uses[1:]
	}
	return c
}

// nextRecord is where the first sound record from a place on begins, or the end of data.
func nextRecord(data []byte, from int) int {
	for {
		i := bytes.IndexByte(data[from:], useMark[0])
		if i < 0 {
			return len(data)
		}
		from += i
		if _, _, ok := readRecord(data[from:]); ok {
			return from
		}
		from++
	}
}

// torn tells whether a rest is what a crash leaves of a record: its beginning, or room that was never written.
func torn(rest []byte) bool {
	n := min(len(rest), markSize)
	return string(rest[:n]) == useMark[:n] || string(rest[:n]) == doneMark[:n] || len(bytes.Trim(rest, "\x00")) == 0
}
