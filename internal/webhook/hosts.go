package webhook

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"code.dny.dev/ssrf"
)

// Hosts says where posts may go. The zero value allows nothing.
type Hosts struct {
	any     bool
	names   map[string]bool // by https, to a public address
	origins map[string]bool // SCHEME://HOST:PORT that are trusted, wherever they lie
}

// ParseHosts reads a list, separated by commas, of
//
//   - host names such as hooks.example.com: by https, and only while the name leads to a public address;
//   - origins such as http://n8n.internal:5678: exactly these, also by http and within one's own network;
//   - *, for every host, as if each were listed by name.
func ParseHosts(list string) (Hosts, error) {
	h := Hosts{names: make(map[string]bool), origins: make(map[string]bool)}
	for word := range strings.SplitSeq(list, ",") {
		word = strings.ToLower(strings.TrimSpace(word))
		if word == "*" {
			h.any = true
			continue
		}
		isOrigin := strings.Contains(word, "://")
		if !isOrigin {
			u, err := url.Parse("https://" + word)
			if err != nil || word == "" || u.Host != word || u.Port() != "" || strings.Contains(word, "*") {
				return Hosts{}, fmt.Errorf("%q is no host: write hooks.example.com, http://host.internal:5678 for one in your own network, or * for every public host", word)
			}
			h.names[word] = true
			continue
		}
		u, err := url.Parse(word)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return Hosts{}, fmt.Errorf("%q is not where posts can go: write it like http://host.internal:5678, without a path", word)
		}
		h.origins[origin(u)] = true
	}
	return h, nil
}

// check says why posts may not go to an address.
func (h Hosts) check(u *url.URL) error {
	if h.isTrusted(u) {
		return nil
	}
	host := strings.ToLower(u.Hostname())
	switch {
	case !h.any && !h.names[host]:
		return fmt.Errorf("%w: this server posts only to hosts that its settings list, and %q is none of them", ErrNotAllowed, host)
	case u.Scheme != "https":
		return fmt.Errorf("%w: the address must begin with https://", ErrNotAllowed)
	}
	if ip, err := netip.ParseAddr(host); err == nil && ssrf.New(ssrf.WithAnyPort()).SafeAddr(ip) != nil {
		return fmt.Errorf("%w: %s is not a public address", ErrNotAllowed, host)
	}
	return nil
}

// isTrusted reports whether the address belongs to an origin that is listed as such.
func (h Hosts) isTrusted(u *url.URL) bool { return h.origins[origin(u)] }

// origin writes the scheme, host and port of an address in one way.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
