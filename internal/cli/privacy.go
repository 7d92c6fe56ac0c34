package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// privacySettings say who runs the registry, to those of whom it records something. Only serve takes them.
func privacySettings() []setting {
	return []setting{
		{"company", "NAME", "COLLATERAL_COMPANY", none, "the name of the company that runs the registry, as people and buyers know it", setCompany},
		{"privacy-contact", "TEXT", "COLLATERAL_PRIVACY_CONTACT", none, "whom people and buyers ask about their personal data, such as privacy@example.com", setPrivacyContact},
	}
}

func setCompany(c *Config, value string) (err error) {
	c.Company, err = shortLine(value)
	return err
}

func setPrivacyContact(c *Config, value string) (err error) {
	c.PrivacyContact, err = shortLine(value)
	return err
}

// shortLine is a text that pages show in a sentence.
func shortLine(value string) (string, error) {
	if value == none {
		return "", nil
	}
	if !utf8.ValidString(value) || utf8.RuneCountInString(value) > 200 || strings.ContainsAny(value, "\r\n\t") {
		return "", fmt.Errorf("%q is no line of at most 200 characters", value)
	}
	return strings.TrimSpace(value), nil
}
