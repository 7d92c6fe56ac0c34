package bleveindex

import "testing"

func TestPackedPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		count int
		where places
		want  int // the count that comes back
	}{
		{1, 1, 1}, {3, titlePlace, 3}, {255, everywhere, 255}, {900, position(47) | 1, 255}, {2, position(1) | position(2), 2},
	} {
		count, where := unpacked(uint64(packed(c.count, c.where)))
		if count != c.want || where != c.where {
			t.Errorf("%d at %b: got %d at %b back", c.count, c.where, count, where)
		}
	}
	if got := packed(1, 1); got != 1 {
		t.Errorf("a word that stands once in the first place is packed as %d, want 1", got)
	}
}

func TestPagesOfLongDocumentsSharePlaces(t *testing.T) {
	t.Parallel()
	for _, pages := range []int{1, 45, 46, 800, 100_000} {
		last := places(0)
		for n := range pages {
			p := pagePlace(n, pages)
			if p < last || p >= titlePlace {
				t.Fatalf("page %d of %d is at place %b after %b, want them in order and below the title's", n, pages, p, last)
			}
			if pages <= pageBits && p == last {
				t.Fatalf("pages %d and %d of %d share a place, want one for each", n-1, n, pages)
			}
			last = p
		}
	}
}

func TestPrecede(t *testing.T) {
	t.Parallel()
	price, list := position(0)|position(5), position(1)|position(9)
	if !price.precede(list) || list.precede(price) {
		t.Error("price stands before list, and not the other way round")
	}
}
