package collateral

import (
	"strings"
	"unicode/utf8"
)

// formulaStarts are the characters with which a cell begins that a spreadsheet may run instead of showing it. The last
// four are their full-width forms, which some spreadsheets take for the plain ones.
const formulaStarts = "=+-@\t\r＝＋－＠"

// GuardCell returns a text for a cell of a CSV, so that a spreadsheet shows it and does not run it: what begins like a
// formula gets an apostrophe before it. So does what UnguardCell would take an apostrophe from; any text survives the way
// through both.
func GuardCell(text string) string {
	if startsFormula(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// UnguardCell takes away what GuardCell adds.
func UnguardCell(cell string) string {
	if strings.HasPrefix(cell, "'") && startsFormula(strings.TrimLeft(cell, "'")) {
		return cell[1:]
	}
	return cell
}

func startsFormula(text string) bool {
	first, size := utf8.DecodeRuneInString(text)
	return size > 0 && strings.ContainsRune(formulaStarts, first)
}
