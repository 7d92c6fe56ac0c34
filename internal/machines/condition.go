package machines

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// condition compares one fact with a number: "others>=3", "since<2s", "cookie" for cookie>=1, "no-cookie" for cookie<1.
type condition struct {
	measure func(*observed) int64
	least   bool // the fact has to reach the limit; else to stay below it
	limit   int64
}

func (c condition) holds(o *observed) bool { return (c.measure(o) >= c.limit) == c.least }

// parseConditions reads conditions separated by spaces, which have to hold together.
func parseConditions(text string) ([]condition, error) {
	var all []condition
	for word := range strings.FieldsSeq(text) {
		c, err := parseCondition(word)
		if err != nil {
			return nil, fmt.Errorf("condition %s: %w", word, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func parseCondition(word string) (condition, error) {
	c := condition{least: true, limit: 1}
	name, limit, compared := strings.Cut(word, ">=")
	if !compared {
		if name, limit, compared = strings.Cut(word, "<"); compared {
			c.least = false
		}
	}
	if !compared {
		if plain, no := strings.CutPrefix(word, "no-"); no {
			name, c.least = plain, false
		}
	} else if err := c.setLimit(limit); err != nil {
		return c, err
	}
	measure, ok := measures[name]
	if !ok {
		return c, fmt.Errorf("there is no fact %q", name)
	}
	c.measure = measure
	return c, nil
}

func (c *condition) setLimit(text string) error {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		c.limit = n
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("the limit is neither a number nor a time: %w", err)
	}
	c.limit = int64(d)
	return nil
}
