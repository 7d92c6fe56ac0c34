package collateral

import (
	"encoding/binary"
	"hash/fnv"
	"iter"
	"math"
)

// Near-duplicates are found by MinHash (Broder, "On the resemblance and containment of documents", 1997). A text is the
// set of its shingles, runs of words; what two texts share of both their shingles is their likeness, from 0 to 1. Of a
// number of random orders, a signature keeps the shingle that comes first in each: two signatures agree in as many places
// as their texts are alike, give or take four percent.

const (
	signatureLength = 128

	// shingleWords is how many words in a row make a shingle: fewer are shared by texts that only speak of the same.
	shingleWords = 5

	// minShingles is below which a text has no signature. Short texts are alike by accident: a title page, an imprint.
	minShingles = 60
)

// NearlySame is the likeness from which on two texts are taken for two states of one.
const NearlySame = 0.8

// Signature tells how alike two texts are without having them; nil for a text that is too short to be compared.
type Signature []uint32

// SignatureOf returns the signature of a text that is given word by word.
func SignatureOf(words iter.Seq[string]) Signature {
	s, orders := make(Signature, signatureLength), make([]order, signatureLength)
	for i := range s {
		s[i], orders[i] = math.MaxUint32, orderNumber(i)
	}
	var window [shingleWords]uint64
	different := make(map[uint64]bool, minShingles)
	n := 0
	for word := range words {
		h := fnv.New64a()
		_, _ = h.Write([]byte(word)) // never fails
		copy(window[:], window[1:])
		window[shingleWords-1] = h.Sum64()
		if n++; n < shingleWords {
			continue
		}
		hash := shingle(window)
		if len(different) < minShingles {
			different[hash] = true
		}
		for i, o := range orders {
			s[i] = min(s[i], uint32((hash*o.factor+o.offset)>>32))
		}
	}
	if len(different) < minShingles {
		return nil
	}
	return s
}

// shingle is one number for words in their order.
func shingle(words [shingleWords]uint64) uint64 {
	var sum uint64
	for _, w := range words {
		sum = mix(sum ^ w)
	}
	return sum
}

// order is one of the orders of shingles, by multiply-add-shift hashing (Dietzfelbinger, 1996).
type order struct{ factor, offset uint64 }

func orderNumber(i int) order { return order{mix(uint64(2*i)) | 1, mix(uint64(2*i + 1))} }

// mix is the last step of SplitMix64 (Steele, Lea and Flood, 2014): it spreads each bit over all.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Likeness is what two texts share of both, from 0 to 1; 0 when one of them is too short.
func (s Signature) Likeness(other Signature) float64 {
	if len(s) != signatureLength || len(other) != signatureLength {
		return 0
	}
	same := 0
	for i := range s {
		if s[i] == other[i] {
			same++
		}
	}
	return float64(same) / signatureLength
}

// bandLength is how many places of a signature make a band. Two texts that are NearlySame share one of the 32 bands, but
// for one pair in ten million; two that share a third of their shingles do so in every third case (Leskovec, Rajaraman and
// Ullman, "Mining of Massive Datasets", section 3.4).
const bandLength = 4

// Bands returns numbers of which texts that are nearly the same share at least one.
func (s Signature) Bands() []uint64 {
	bands := make([]uint64, 0, len(s)/bandLength)
	for i := 0; i+bandLength <= len(s); i += bandLength {
		band := mix(uint64(i))
		for _, v := range s[i : i+bandLength] {
			band = mix(band ^ uint64(v))
		}
		bands = append(bands, band)
	}
	return bands
}

// Bytes writes the signature; nil for none.
func (s Signature) Bytes() []byte {
	if s == nil {
		return nil
	}
	out := make([]byte, 0, 4*len(s))
	for _, v := range s {
		out = binary.LittleEndian.AppendUint32(out, v)
	}
	return out
}

// SignatureFrom reads what Bytes wrote; nil when it is of another length.
func SignatureFrom(raw []byte) Signature {
	if len(raw) != 4*signatureLength {
		return nil
	}
	s := make(Signature, signatureLength)
	for i := range s {
		s[i] = binary.LittleEndian.Uint32(raw[4*i:])
	}
	return s
}
