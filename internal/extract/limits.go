package extract

import "time"

// Limits bound what one document may cost.
type Limits struct {
	Input    int64         // bytes of the document itself
	Unpacked int64         // bytes unpacked from an archive, counted while reading
	Ratio    int64         // unpacked bytes for each byte of the document, above the first unpackedFree
	Output   int64         // bytes of text; what is above is left out, and noted
	Pages    int           // pages or slides; likewise
	Depth    int           // elements inside each other
	Time     time.Duration // for everything
	Memory   int64         // bytes a child process may have for data, where the system can bound them
}

// unpackedFree is what any archive may unpack to: small files compress extremely well and do no harm.
const unpackedFree = 8 << 20

// DefaultLimits are generous to real documents (the text of a thousand-page manual is about 3 MB) and keep a
// hostile one below 256 MiB and 20 s.
func DefaultLimits() Limits {
	return Limits{
		Input:    512 << 20,
		Unpacked: 256 << 20,
		Ratio:    100,
		Output:   8 << 20,
		Pages:    5000,
		Depth:    256,
		Time:     15 * time.Second,
		Memory:   224 << 20,
	}
}

// unpackable returns how many bytes an archive of the given size may unpack to.
func (l Limits) unpackable(size int64) int64 {
	return min(l.Unpacked, unpackedFree+l.Ratio*size)
}
