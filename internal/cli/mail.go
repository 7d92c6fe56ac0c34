package cli

import (
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"strings"

	"collateral/internal/mail"
)

// none is the value of a setting that is off.
const none = "none"

// mailSettings say how notices are mailed. Only serve takes them: the demo's people have no addresses. The server comes
// first; the others are nothing without it.
func mailSettings() []setting {
	return []setting{
		{"smtp-url", "URL", "SMTP_URL", none, "the server that mails notices: smtp://USER@HOST:PORT, which must offer STARTTLS, smtps://..., or smtp://HOST:25?tls=none", setSMTP},
		{"", "PASSWORD", "SMTP_PASSWORD", noKey, "the password of USER", setSMTPPassword},
		{"mail-from", "ADDRESS", "COLLATERAL_MAIL_FROM", none, "who mails come from, such as \"Collateral <registry@example.com>\"", setMailFrom},
		{"public-url", "URL", "COLLATERAL_PUBLIC_URL", none, "where people find the pages, such as https://collateral.example.com; mails link there", setPublicURL},
	}
}

func setSMTP(c *Config, value string) (err error) {
	c.Mail = nil
	if value != none {
		c.Mail, err = mail.Parse(value)
	}
	return err
}

func setSMTPPassword(c *Config, value string) error {
	if c.Mail == nil {
		return nil
	}
	c.Mail.Password = keyOf(value)
	if c.Mail.User != "" && c.Mail.Password == "" {
		return errors.New("is needed, because --smtp-url names a user")
	}
	return nil
}

func setMailFrom(c *Config, value string) error {
	if c.Mail == nil {
		return nil
	}
	if value == none {
		return errors.New("is needed with --smtp-url: servers take no mail from nobody")
	}
	from, err := netmail.ParseAddress(value)
	if err != nil {
		return fmt.Errorf("%q is not an address: write it like registry@example.com", value)
	}
	c.Mail.From = *from
	return nil
}

func setPublicURL(c *Config, value string) error {
	c.PublicURL = ""
	if value == none {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q is not where pages can be: write it like https://collateral.example.com", value)
	}
	c.PublicURL = u.Scheme + "://" + u.Host
	return nil
}

// warnOfMail tells what mails will lack.
func warnOfMail(cfg Config, log *slog.Logger) {
	if cfg.Mail != nil && cfg.PublicURL == "" {
		log.Warn("mails of notices have no links, because --public-url is not set")
	}
}
