package extract

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"
)

// numberFormat says how a number in a cell is displayed, as far as that matters for finding it.
type numberFormat struct {
	kind     formatKind
	decimals int
	digits   int // before the decimal point, at least: article numbers with leading zeros
}

type formatKind int

const (
	general formatKind = iota
	fixed
	percent
	day
	dayTime
	clock
)

// numberFormats returns the formats that the styles name, by index.
func (o *office) numberFormats(styles string) ([]numberFormat, error) {
	own := make(map[string]numberFormat)
	var formats []numberFormat
	inCells := false // the same element stands in a list of named styles too
	err := o.walk(styles, func(el xml.StartElement) (bool, error) {
		switch el.Name.Local {
		case "numFmt":
			own[attr(el, "numFmtId")] = parseFormat(attr(el, "formatCode"))
		case "cellXfs":
			inCells = true
		case "xf":
			if inCells {
				id := attr(el, "numFmtId")
				f, ok := own[id]
				if !ok {
					f = builtInFormat(id)
				}
				formats = append(formats, f)
			}
		}
		return true, nil
	}, func(name string) error {
		if name == "cellXfs" {
			inCells = false
		}
		return nil
	}, nil)
	return formats, err
}

// builtInFormat knows the formats that files name without saying what they are.
func builtInFormat(id string) numberFormat {
	switch n, _ := strconv.Atoi(id); {
	case n == 1, n == 3, n == 37, n == 38:
		return numberFormat{kind: fixed}
	case n == 2, n == 4, n == 39, n == 40, n == 43, n == 44, n == 7, n == 8:
		return numberFormat{kind: fixed, decimals: 2}
	case n == 9:
		return numberFormat{kind: percent}
	case n == 10:
		return numberFormat{kind: percent, decimals: 2}
	case n >= 14 && n <= 17, n >= 27 && n <= 31, n >= 50 && n <= 58, n == 36:
		return numberFormat{kind: day}
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47:
		return numberFormat{kind: clock}
	case n == 22:
		return numberFormat{kind: dayTime}
	default:
		return numberFormat{}
	}
}

// parseFormat reads a code such as `#,##0.00" pcs";[Red]-0` up to its first semicolon: what is for positive numbers.
func parseFormat(code string) numberFormat {
	var f numberFormat
	var date, month, hours, number, point bool
	for i := 0; i < len(code); i++ {
		switch c := lower(code[i]); c {
		case '"', '[': // literal text; a colour, a currency, elapsed time
			closing := byte('"')
			if c == '[' {
				closing = ']'
			}
			n := strings.IndexByte(code[i+1:], closing)
			if n < 0 {
				n = len(code) - i - 1 // never closed
			}
			inside := strings.ToLower(code[i+1 : i+1+n])
			hours = hours || c == '[' && strings.Trim(inside, "hms") == ""
			i += n + 1
		case '\\', '_', '*':
			i++ // the next character is meant literally, or says how wide a space is
		case ';':
			i = len(code)
		case 'g': // General, or an era of Japan
			return numberFormat{}
		case 'y', 'd':
			date = true
		case 'm':
			month = true // or minutes
		case 'h', 's':
			hours = true
		case 'e', '?', '/', '@':
			if !date && !month && !hours { // 1.5E+3, 1 1/2, text
				return numberFormat{}
			}
		case '%':
			f.kind = percent
		case '.':
			point = true
		case '0', '#':
			number = true
			switch {
			case point:
				f.decimals++
			case c == '0':
				f.digits++
			}
		}
	}
	switch {
	case date && hours:
		return numberFormat{kind: dayTime}
	case hours:
		return numberFormat{kind: clock}
	case date, month:
		return numberFormat{kind: day}
	case number && f.kind != percent:
		f.kind = fixed
	}
	return f
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// displayed returns what a cell with a number shows: decimals, percent and leading zeros as its style says, dates as
// 2026-03-01, which is the same whoever opens the file. Signs of currencies, units and thousands are left out, since
// nobody types them into a search.
func (b *workbook) displayed(value, style string) string {
	value = strings.TrimSpace(value)
	v, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) >= 1e21 {
		return value
	}
	var f numberFormat
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.styles) {
		f = b.styles[i]
	}
	switch f.kind {
	case fixed:
		return leadingZeros(strconv.FormatFloat(rounded(v), 'f', min(f.decimals, 15), 64), f.digits)
	case percent:
		return strconv.FormatFloat(rounded(v*100), 'f', min(f.decimals, 15), 64) + "%"
	case day, dayTime, clock:
		if v >= 0 && v < 2958466 { // the year 10000
			return b.moment(v).Format(f.layout())
		}
	case general:
	}
	return strconv.FormatFloat(rounded(v), 'f', -1, 64)
}

// rounded takes off what binary fractions add: 0.1+0.2 is stored as 0.30000000000000004 and shown as 0.3.
func rounded(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return r
}

func leadingZeros(number string, digits int) string {
	positive, negative := strings.CutPrefix(number, "-")
	whole, _, _ := strings.Cut(positive, ".")
	zeros := strings.Repeat("0", max(0, min(digits, 30)-len(whole)))
	if negative {
		return "-" + zeros + positive
	}
	return zeros + positive
}

func (f numberFormat) layout() string {
	switch f.kind {
	case clock:
		return "15:04"
	case dayTime:
		return "2006-01-02 15:04"
	default:
		return time.DateOnly
	}
}

// moment turns days into a time. Day 60 of the calendar that begins in 1900 is its 29 February, which never was.
func (b *workbook) moment(days float64) time.Time {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		start = start.AddDate(0, 0, 1)
	}
	whole, part := math.Modf(days)
	return start.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*24*60*60)) * time.Second)
}
