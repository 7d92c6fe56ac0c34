package meilitest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// condition reads a filter: a text, or a list whose elements must all hold and whose inner lists are alternatives.
func (x *index) condition(filter any) (func(*document) bool, error) {
	switch filter := filter.(type) {
	case nil:
		return func(*document) bool { return true }, nil
	case string:
		return x.parse(filter)
	case []any:
		var all []func(*document) bool
		for _, part := range filter {
			var c func(*document) bool
			var err error
			if inner, ok := part.([]any); ok {
				c, err = x.alternatives(inner)
			} else {
				c, err = x.condition(part)
			}
			if err != nil {
				return nil, err
			}
			all = append(all, c)
		}
		return func(d *document) bool {
			return !slices.ContainsFunc(all, func(c func(*document) bool) bool { return !c(d) })
		}, nil
	default:
		return nil, badFilter("a filter is a text or a list of them")
	}
}

func (x *index) alternatives(parts []any) (func(*document) bool, error) {
	var any []func(*document) bool
	for _, part := range parts {
		c, err := x.condition(part)
		if err != nil {
			return nil, err
		}
		any = append(any, c)
	}
	return func(d *document) bool {
		return slices.ContainsFunc(any, func(c func(*document) bool) bool { return c(d) })
	}, nil
}

func badFilter(format string, args ...any) *problem {
	return refuse(http.StatusBadRequest, "invalid_search_filter", "%s", fmt.Sprintf(format, args...))
}

// filterParser reads the language of filters: comparisons, IN, EXISTS, AND, OR, NOT and parentheses.
type filterParser struct {
	index *index
	words []filterWord
}

// filterWord is a sign, a bare word or a quoted value.
type filterWord struct {
	text   string
	quoted bool
}

func (x *index) parse(filter string) (func(*document) bool, error) {
	if strings.TrimSpace(filter) == "" {
		return func(*document) bool { return true }, nil
	}
	words, err := cutFilter(filter)
	if err != nil {
		return nil, err
	}
	p := &filterParser{x, words}
	c, err := p.either()
	if err != nil {
		return nil, err
	}
	if len(p.words) > 0 {
		return nil, badFilter("found unexpected characters at the end of the filter: %q", p.words[0].text)
	}
	return c, nil
}

func cutFilter(filter string) ([]filterWord, error) {
	var words []filterWord
	for at := 0; at < len(filter); {
		switch c := filter[at]; {
		case strings.IndexByte(" \t\n", c) >= 0:
			at++
		case c == '"' || c == '\'':
			end := at + 1
			for end < len(filter) && filter[end] != c {
				if filter[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(filter) {
				return nil, badFilter("expression %q is missing its closing delimiter", filter[at:])
			}
			value, err := unescaped(filter[at+1:end], c)
			if err != nil {
				return nil, err
			}
			words = append(words, filterWord{value, true})
			at = end + 1
		case strings.IndexByte("()[],", c) >= 0:
			words = append(words, filterWord{string(c), false})
			at++
		case strings.IndexByte("=!<>", c) >= 0:
			end := at + 1
			if end < len(filter) && filter[end] == '=' {
				end++
			}
			words = append(words, filterWord{filter[at:end], false})
			at = end
		default:
			end := at
			for end < len(filter) && strings.IndexByte(" \t\n()[],=!<>\"'", filter[end]) < 0 {
				end++
			}
			words = append(words, filterWord{filter[at:end], false})
			at = end
		}
	}
	return words, nil
}

// unescaped undoes both escapes of a quoted value: that of the quote, and then the general one.
func unescaped(inner string, quote byte) (string, error) {
	inner = strings.ReplaceAll(inner, `\`+string(quote), string(quote))
	var b strings.Builder
	for at := 0; at < len(inner); at++ {
		if inner[at] != '\\' {
			b.WriteByte(inner[at])
			continue
		}
		at++
		if at == len(inner) {
			return "", badFilter("a backslash at the end of %q", inner)
		}
		switch inner[at] {
		case '\\', '"', '\'':
			b.WriteByte(inner[at])
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		default:
			return "", badFilter("the escape \\%c in %q is unknown", inner[at], inner)
		}
	}
	return b.String(), nil
}

// take takes the next word when it is the sign or, in any case, the keyword.
func (p *filterParser) take(text string) bool {
	if len(p.words) == 0 || p.words[0].quoted || !strings.EqualFold(p.words[0].text, text) {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *filterParser) either() (func(*document) bool, error) {
	a, err := p.both()
	for err == nil && p.take("OR") {
		var b func(*document) bool
		if b, err = p.both(); err == nil {
			left := a
			a = func(d *document) bool { return left(d) || b(d) }
		}
	}
	return a, err
}

func (p *filterParser) both() (func(*document) bool, error) {
	a, err := p.one()
	for err == nil && p.take("AND") {
		var b func(*document) bool
		if b, err = p.one(); err == nil {
			left := a
			a = func(d *document) bool { return left(d) && b(d) }
		}
	}
	return a, err
}

func (p *filterParser) one() (func(*document) bool, error) {
	if p.take("NOT") {
		c, err := p.one()
		return func(d *document) bool { return !c(d) }, err
	}
	if p.take("(") {
		c, err := p.either()
		if err == nil && !p.take(")") {
			err = badFilter("a closing parenthesis is missing")
		}
		return c, err
	}
	if len(p.words) < 2 {
		return nil, badFilter("the filter ends too early")
	}
	field := p.words[0].text
	p.words = p.words[1:]
	if !slices.Contains(p.index.settings.FilterableAttributes, field) {
		return nil, badFilter("Attribute `%s` is not filterable.", field)
	}
	switch {
	case p.take("EXISTS"):
		return func(d *document) bool { _, there := d.fields[field]; return there }, nil
	case p.take("IN"):
		return p.in(field)
	}
	operator := p.words[0].text
	p.words = p.words[1:]
	if len(p.words) == 0 || !slices.Contains([]string{"=", "!=", "<", "<=", ">", ">="}, operator) {
		return nil, badFilter("%q is no operator that is followed by a value", operator)
	}
	value := p.words[0].text
	p.words = p.words[1:]
	return compare(field, operator, value), nil
}

func (p *filterParser) in(field string) (func(*document) bool, error) {
	if !p.take("[") {
		return nil, badFilter("expected only comma-separated field names inside `IN[..]`")
	}
	var any []func(*document) bool
	for !p.take("]") {
		if len(p.words) == 0 || len(any) > 0 && !p.take(",") || len(p.words) == 0 {
			return nil, badFilter("the list of `IN` is not closed")
		}
		any = append(any, compare(field, "=", p.words[0].text))
		p.words = p.words[1:]
	}
	return func(d *document) bool {
		return slices.ContainsFunc(any, func(c func(*document) bool) bool { return c(d) })
	}, nil
}

func compare(field, operator, value string) func(*document) bool {
	number, err := strconv.ParseFloat(value, 64)
	numeric := err == nil
	one := func(v any) bool {
		switch v := v.(type) {
		case string:
			return operator == "=" && NormalFacet(v) == NormalFacet(value)
		case bool:
			return operator == "=" && strconv.FormatBool(v) == NormalFacet(value)
		case float64:
			switch {
			case !numeric:
				return false
			case operator == "=":
				return v == number
			case operator == "<":
				return v < number
			case operator == "<=":
				return v <= number
			case operator == ">":
				return v > number
			default:
				return operator == ">=" && v >= number
			}
		default:
			return false
		}
	}
	if operator == "!=" {
		equal := compare(field, "=", value)
		return func(d *document) bool { return !equal(d) }
	}
	return func(d *document) bool {
		if list, ok := d.fields[field].([]any); ok {
			return slices.ContainsFunc(list, one)
		}
		return one(d.fields[field])
	}
}

// FilterValues reads a list of quoted values as a filter does.
func FilterValues(list string) ([]string, error) {
	words, err := cutFilter(list)
	if err != nil {
		return nil, err
	}
	var values []string
	for _, w := range words {
		if w.quoted {
			values = append(values, w.text)
		} else if w.text != "," {
			return nil, badFilter("%q stands outside of quotes", w.text)
		}
	}
	return values, nil
}
