package extract

// matrix is the affine map [a b 0; c d 0; e f 1] that a row vector is multiplied with, as PDF writes it.
type matrix struct{ a, b, c, d, e, f float64 }

type point struct{ x, y float64 }

func identity() matrix { return matrix{a: 1, d: 1} }

// matrixOf takes six numbers.
func matrixOf(v []operand) matrix {
	return matrix{v[0].number, v[1].number, v[2].number, v[3].number, v[4].number, v[5].number}
}

// mul returns the map that does m first, then n.
func (m matrix) mul(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

// origin is where the point 0,0 comes to lie.
func (m matrix) origin() point { return point{m.e, m.f} }
