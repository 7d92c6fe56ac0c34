package webhook_test

import (
	"errors"
	"testing"

	"collateral/internal/webhook"
)

func TestWhereHooksMayLead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		hosts, address string
		allowed        bool
	}{
		{"hooks.example.com", "https://hooks.example.com/in?key=1", true},
		{"hooks.example.com", "https://HOOKS.example.com:8443/in", true},
		{"hooks.example.com, crm.example.com", "https://crm.example.com", true},
		{"hooks.example.com", "http://hooks.example.com/in", false},
		{"hooks.example.com", "https://evil.example.com/hooks.example.com", false},
		{"hooks.example.com", "https://hooks.example.com.evil.example/", false},
		{"hooks.example.com", "https://hooks.example.com@evil.example/", false},
		{"http://n8n.internal:5678", "http://n8n.internal:5678/webhook/1", true},
		{"http://n8n.internal:5678", "http://n8n.internal/webhook/1", false},
		{"http://n8n.internal:5678", "https://n8n.internal:5678/webhook/1", false},
		{"https://10.1.2.3", "https://10.1.2.3:443/", true},
		{"*", "https://hooks.example.com/", true},
		{"*", "http://hooks.example.com/", false},
		{"*", "ftp://hooks.example.com/", false},
		{"*", "https://93.184.215.14/", true},
		{"*", "https://127.0.0.1/", false},
		{"*", "https://10.1.2.3/", false},
		{"*", "https://100.64.0.1/", false},
		{"*", "https://169.254.169.254/latest/meta-data", false},
		{"*", "https://0.0.0.0/", false},
		{"*", "https://224.0.0.1/", false},
		{"*", "https://[::1]/", false},
		{"*", "https://[::]/", false},
		{"*", "https://[::ffff:127.0.0.1]/", false},
		{"*", "https://[64:ff9b::7f00:1]/", false},
		{"*", "https://[fd00:ec2::254]/", false},
		{"*", "https://[fe80::1%25eth0]/", false},
		{"*", "https://[ff02::1]/", false},
		{"10.1.2.3", "https://10.1.2.3/", false},
	} {
		hosts, err := webhook.ParseHosts(tt.hosts)
		if err != nil {
			t.Fatalf("%s: %v", tt.hosts, err)
		}
		err = webhook.New(hosts).Check(tt.address)
		if (err == nil) != tt.allowed || err != nil && !errors.Is(err, webhook.ErrNotAllowed) {
			t.Errorf("%s to %s: got %v, want allowed %v", tt.hosts, tt.address, err, tt.allowed)
		}
	}
	if err := webhook.New(webhook.Hosts{}).Check("https://hooks.example.com"); err == nil {
		t.Error("without a setting something is allowed")
	}
	for _, wrong := range []string{"", "a.example,", "a.example:443", "a.example/path", "*.example.com", "ftp://a.example", "http://a.example/path", "http://", "user@a.example", "https://u:p@a.example"} {
		if _, err := webhook.ParseHosts(wrong); err == nil {
			t.Errorf("%q is taken for hosts", wrong)
		}
	}
}
