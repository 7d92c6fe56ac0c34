package httpd

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestCallerAddress(t *testing.T) {
	t.Parallel()
	trusted := func(networks ...string) (all []*net.IPNet) {
		for _, network := range networks {
			_, parsed, err := net.ParseCIDR(network)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, parsed)
		}
		return all
	}
	const caller, spoofed, proxy, stranger = "203.0.113.9", "198.51.100.1", "10.0.0.7", "192.0.2.66"
	tests := []struct {
		name      string
		proxies   []*net.IPNet
		peer      string
		forwarded []string
		want      string
	}{
		{"no proxy", nil, caller, nil, caller},
		{"no proxy, header sent", nil, caller, []string{spoofed}, caller},
		{"private peer without trust", nil, proxy, []string{caller}, proxy},
		{"behind a proxy", trusted("10.0.0.0/8"), proxy, []string{caller}, caller},
		{"spoofed behind a proxy", trusted("10.0.0.0/8"), proxy, []string{spoofed + ", " + caller}, caller},
		{"spoofed in a header of its own", trusted("10.0.0.0/8"), proxy, []string{spoofed, caller}, caller},
		{"spoofed as a proxy of ours", trusted("10.0.0.0/8"), proxy, []string{"10.9.9.9, " + caller}, caller},
		{"two proxies", trusted("10.0.0.0/8"), proxy, []string{caller + ", 10.0.0.8"}, caller},
		{"past the proxy", trusted("10.0.0.0/8"), stranger, []string{spoofed}, stranger},
		{"private address that is no proxy", trusted("10.0.0.0/8"), "192.168.1.1", []string{spoofed}, "192.168.1.1"},
		{"loopback that is no proxy", trusted("10.0.0.0/8"), "127.0.0.1", []string{spoofed}, "127.0.0.1"},
		{"the proxy adds nothing", trusted("10.0.0.0/8"), proxy, nil, proxy},
		{"garbage", trusted("10.0.0.0/8"), proxy, []string{"unknown"}, proxy},
		{"IPv6", trusted("fd00::/8"), "fd00::1", []string{"2001:db8::5"}, "2001:db8::5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.RemoteAddr = net.JoinHostPort(tt.peer, "40000")
			for _, value := range tt.forwarded {
				r.Header.Add("X-Forwarded-For", value)
			}
			r.Header.Set("X-Real-IP", spoofed)
			if got := callerAddress(tt.proxies)(r); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
