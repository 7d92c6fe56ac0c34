package bleveindex

// places is where a word stands in a text, a bit for each place. In one part of a document (title, tags, summary) a
// place is a word's position, so that neighbours can be told. In the whole document it is a page, or one of the parts,
// so that words of the same page can be told; the pages of a long document share the bits in runs of equal length.
//
// Places travel in the frequency of a posting, above how often the word stands there, because that is read for every
// hit anyway. Positions as Bleve keeps them would make the index twice as large.
type places uint64

// How many places there are, and how many of them are pages. A part's positions beyond the last share it.
const (
	maxPlaces = 48
	pageBits  = maxPlaces - 3

	titlePlace   = places(1) << pageBits
	tagsPlace    = places(1) << (pageBits + 1)
	summaryPlace = places(1) << (pageBits + 2)

	everywhere = places(1)<<maxPlaces - 1
)

// position is the place of a part's nth word, counted from 0.
func position(n int) places { return places(1) << min(n, maxPlaces-1) }

// pagePlace is the place of the nth of pages, counted from 0.
func pagePlace(n, pages int) places {
	if pages > pageBits {
		n = n * pageBits / pages
	}
	return places(1) << n
}

// precede tells whether a word of the first places stands right before one of the second.
func (p places) precede(next places) bool { return p<<1&next != 0 }

const (
	countBits = 8
	countMask = 1<<countBits - 1
)

// packed is the frequency of a posting: how often the word stands in the text (up to 255), and where. A word that
// stands in the first place alone has no places in it: a rare word that stands once then costs one, for which segments
// have a short form.
func packed(count int, where places) int {
	if where == 1 {
		where = 0
	}
	return min(count, countMask) | int(where)<<countBits
}

func unpacked(frequency uint64) (count int, where places) {
	count, where = int(frequency&countMask), places(frequency>>countBits)
	if where == 0 {
		where = 1
	}
	return count, where
}
