package collateral

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

var linkNow = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestLinkIsChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(*NewLink)
		mails bool
		want  []string // pointers
	}{
		{"nothing but a piece", func(*NewLink) {}, false, nil},
		{"everything", func(n *NewLink) {
			n.Title, n.Recipient, n.RecipientEmail, n.Opportunity, n.Passcode = "For you", "Jo Doe", " Jo@Example.com ", "OPP-1", "123456"
			n.LinkTerms = LinkTerms{ExpiresAt: new(linkNow.Add(time.Hour)), EmailGate: GateVerified, Allowed: []string{"@Example.com", "jo@example.org"}, MaxOpens: 1}
		}, true, nil},
		{"no piece", func(n *NewLink) { n.Assets = nil }, false, []string{"/assets"}},
		{"too many pieces", func(n *NewLink) {
			for range MaxLinked {
				n.Assets = append(n.Assets, uuid.New())
			}
		}, false, []string{"/assets"}},
		{"two lines of title", func(n *NewLink) { n.Title = "a\nb" }, false, []string{"/title"}},
		{"no address", func(n *NewLink) { n.RecipientEmail = "jo" }, false, []string{"/recipient_email"}},
		{"long names", func(n *NewLink) { n.Recipient, n.Opportunity = strings.Repeat("a", 201), strings.Repeat("a", 101) }, false, []string{"/recipient", "/opportunity"}},
		{"short passcode", func(n *NewLink) { n.Passcode = "12345" }, false, []string{"/passcode"}},
		{"ends now", func(n *NewLink) { n.ExpiresAt = new(linkNow) }, false, []string{"/expires_at"}},
		{"ends in ten years", func(n *NewLink) { n.ExpiresAt = new(linkNow.AddDate(10, 0, 0)) }, false, []string{"/expires_at"}},
		{"verified without mail", func(n *NewLink) { n.EmailGate = GateVerified }, false, []string{"/email_gate"}},
		{"another gate", func(n *NewLink) { n.EmailGate = "phone" }, false, []string{"/email_gate"}},
		{"allowed, and nobody asked", func(n *NewLink) { n.Allowed = []string{"@example.com"} }, false, []string{"/allowed"}},
		{"allowed is nothing", func(n *NewLink) {
			n.EmailGate, n.Allowed = GateAsk, []string{"@", "@a@example.com", "@example", "a@example.com", "example.com"}
		}, false, []string{"/allowed/0", "/allowed/1", "/allowed/2", "/allowed/4"}},
		{"opened less than once", func(n *NewLink) { n.MaxOpens = -1 }, false, []string{"/max_opens"}},
		{"marked for nobody", func(n *NewLink) { n.Watermark = true }, false, []string{"/watermark"}},
		{"marked for somebody", func(n *NewLink) { n.Watermark, n.Recipient = true, "Jo" }, false, nil},
		{"marked for who gives an address", func(n *NewLink) { n.Watermark, n.EmailGate = true, GateAsk }, false, nil},
		{"opened too often", func(n *NewLink) { n.MaxOpens = MaxOpens + 1 }, false, []string{"/max_opens"}},
	} {
		n := NewLink{Assets: []uuid.UUID{uuid.New()}}
		tt.spoil(&n)
		var f Faults
		n.Normal().Check(&f, linkNow, tt.mails)
		var got []string
		for _, field := range f {
			got = append(got, field.Pointer)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s\n%v", tt.name, diff, f)
		}
	}
}

func TestChangedTermsAreChecked(t *testing.T) {
	t.Parallel()
	past := linkNow.Add(-time.Hour)
	before := LinkTerms{ExpiresAt: &past, EmailGate: GateVerified}
	if err := (&Link{LinkTerms: before}).CheckTerms(before, nil, linkNow, false); err != nil {
		t.Errorf("terms that stay as they are: got %v, want no refusal", err)
	}
	after := before
	after.ExpiresAt = new(past.Add(time.Minute))
	if err := (&Link{LinkTerms: after}).CheckTerms(before, new("short"), linkNow, false); KindOf(err) != Invalid || !strings.Contains(err.Error(), "/expires_at") || !strings.Contains(err.Error(), "/passcode") {
		t.Errorf("got %v, want a refusal of the end and the passcode", err)
	}
}

func TestWhoIsAdmitted(t *testing.T) {
	t.Parallel()
	terms := LinkTerms{Allowed: []string{"@example.com", "jo@example.org"}}
	for email, want := range map[string]bool{
		"a@example.com": true, "jo@example.org": true, "joe@example.org": false, "a@sub.example.com": false, "a@notexample.com": false,
		`"a@example.com"@evil.org`: false, "": false, "@example.com": true,
	} {
		if got := terms.Admits(email); got != want {
			t.Errorf("%s: got %v, want %v", email, got, want)
		}
	}
	if !(LinkTerms{}).Admits("anybody@example.net") {
		t.Error("a list without anybody keeps somebody out")
	}
}

func TestLinkState(t *testing.T) {
	t.Parallel()
	opened := &Visit{OpenedAt: &linkNow}
	for _, tt := range []struct {
		name  string
		link  Link
		visit *Visit
		want  LinkState
		in    bool
	}{
		{"without an end", Link{}, nil, LinkLive, true},
		{"before the end", Link{LinkTerms: LinkTerms{ExpiresAt: new(linkNow.Add(1))}}, nil, LinkLive, true},
		{"at the end", Link{LinkTerms: LinkTerms{ExpiresAt: &linkNow}}, opened, LinkExpired, false},
		{"revoked after the end", Link{LinkTerms: LinkTerms{ExpiresAt: &linkNow}, RevokedAt: &linkNow}, opened, LinkRevoked, false},
		{"one opening left", Link{LinkTerms: LinkTerms{MaxOpens: 2}, Opens: 1}, nil, LinkLive, true},
		{"none left", Link{LinkTerms: LinkTerms{MaxOpens: 2}, Opens: 2}, nil, LinkUsedUp, false},
		{"none left for a new visit", Link{LinkTerms: LinkTerms{MaxOpens: 2}, Opens: 2}, &Visit{}, LinkUsedUp, false},
		{"none left, taken by this visit", Link{LinkTerms: LinkTerms{MaxOpens: 2}, Opens: 2}, opened, LinkUsedUp, true},
	} {
		if got := tt.link.State(linkNow); got != tt.want || !slices.Contains(LinkStates(), got) {
			t.Errorf("%s: got state %s, want %s", tt.name, got, tt.want)
		}
		if err := tt.link.Refuses(tt.visit, linkNow); (err == nil) != tt.in || err != nil && KindOf(err) != Gone {
			t.Errorf("%s: got refusal %v, want let in: %v", tt.name, err, tt.in)
		}
	}
}

func TestWhatALinkAsks(t *testing.T) {
	t.Parallel()
	earlier := linkNow.Add(-time.Hour)
	pass := Link{PasscodeAt: &linkNow}
	asks := Link{LinkTerms: LinkTerms{EmailGate: GateAsk, Allowed: []string{"@example.com"}}}
	verifies := Link{LinkTerms: LinkTerms{EmailGate: GateVerified}}
	counts := Link{LinkTerms: LinkTerms{EmailGate: GateNone, MaxOpens: 1}}
	all := Link{PasscodeAt: &earlier, LinkTerms: LinkTerms{EmailGate: GateVerified, MaxOpens: 1}}
	pass.EmailGate = GateNone
	for _, tt := range []struct {
		name    string
		link    Link
		visitor Visitor
		visit   Visit
		want    Ask
	}{
		{"open to all", Link{LinkTerms: LinkTerms{EmailGate: GateNone}}, Visitor{}, Visit{}, AskNothing},
		{"a passcode", pass, Visitor{}, Visit{}, AskPasscode},
		{"the passcode of before", pass, Visitor{PassedAt: &earlier}, Visit{}, AskPasscode},
		{"the passcode given", pass, Visitor{PassedAt: &linkNow}, Visit{}, AskNothing},
		{"an address", asks, Visitor{}, Visit{}, AskEmail},
		{"an address that is let in", asks, Visitor{Email: "a@example.com"}, Visit{}, AskNothing},
		{"an address that is let in no more", asks, Visitor{Email: "a@example.org", VerifiedAt: &linkNow}, Visit{}, AskEmail},
		{"a code", verifies, Visitor{Email: "a@example.com", CodeAskedAt: &linkNow}, Visit{}, AskCode},
		{"a code for an address that was enough before", verifies, Visitor{Email: "a@example.com"}, Visit{}, AskEmail},
		{"a code given", verifies, Visitor{Email: "a@example.com", VerifiedAt: &linkNow}, Visit{}, AskNothing},
		{"a click", counts, Visitor{}, Visit{}, AskOpen},
		{"a click given", counts, Visitor{}, Visit{OpenedAt: &linkNow}, AskNothing},
		{"all, first the passcode", all, Visitor{}, Visit{}, AskPasscode},
		{"all, then the address", all, Visitor{PassedAt: &linkNow}, Visit{}, AskEmail},
		{"all, then a click", all, Visitor{PassedAt: &linkNow, Email: "a@example.com", VerifiedAt: &linkNow}, Visit{}, AskOpen},
	} {
		if got := tt.link.Asks(&tt.visitor, &tt.visit); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestWhatIsCounted(t *testing.T) {
	t.Parallel()
	for visit, want := range map[Visit]bool{
		{}: false, {OpenedAt: &linkNow}: true, {OpenedAt: &linkNow, Machine: true}: false, {Machine: true}: false,
	} {
		if got := visit.Counted(); got != want {
			t.Errorf("%+v: got %v, want %v", visit, got, want)
		}
	}
}

func TestWhoTakesAFile(t *testing.T) {
	t.Parallel()
	l := Link{Recipient: "Jo Doe", RecipientEmail: "jo@example.com"}
	for got, want := range map[string]string{
		l.TakenBy(&Visitor{Email: "ann@example.com"}):    "ann@example.com",
		l.TakenBy(&Visitor{}):                            "jo@example.com",
		(&Link{Recipient: "Jo Doe"}).TakenBy(&Visitor{}): "Jo Doe",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
