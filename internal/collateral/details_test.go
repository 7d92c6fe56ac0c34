package collateral

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

const roleText = "Shows what doing nothing costs"

func goodDetails() Details {
	return Details{
		Title: "Cost of waiting", Summary: "One page.\nTwo lines.", Type: "deck", Audience: ForCustomer,
		Stages:   []StageTag{{StageID: uuid.New(), Stage: "problem", Role: roleText, Primary: true}},
		Personas: []string{"cfo"}, Industries: []string{"retail"}, Products: []string{"pos-1"},
		Language: "en", ReviewBy: "2027-03-31", Cost: &Cost{Amount: "1250.00", Currency: "EUR"},
	}
}

func TestDetailsNormal(t *testing.T) {
	t.Parallel()
	given := Details{
		Title: "  Cost of waiting ", Summary: "\none\n", Language: " en ",
		Stages:   []StageTag{{Stage: "problem", Role: "  " + roleText + "\n"}},
		Personas: []string{"cfo", "cio", "cfo"},
		Cost:     &Cost{Amount: " 5 ", Currency: "eur"},
	}
	want := Details{
		Title: "Cost of waiting", Summary: "one", Language: "en",
		Stages:   []StageTag{{Stage: "problem", Role: roleText}},
		Personas: []string{"cfo", "cio"}, Industries: []string{}, Products: []string{},
		Cost: &Cost{Amount: "5", Currency: "EUR"},
	}
	got := given.Normal()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Normal (-want +got):\n%s", diff)
	}
	if given.Stages[0].Role == roleText || given.Cost.Currency != "eur" {
		t.Error("Normal changed what it was given")
	}
	if diff := cmp.Diff(got, got.Normal()); diff != "" {
		t.Errorf("Normal of normal details differs (-want +got):\n%s", diff)
	}
}

func TestDetailsCheck(t *testing.T) {
	t.Parallel()
	tag := func(stage string, primary bool) StageTag {
		return StageTag{StageID: uuid.New(), Stage: stage, Role: roleText, Primary: primary}
	}
	tests := map[string]struct {
		change func(*Details)
		want   []string
	}{
		"good":                 {func(*Details) {}, nil},
		"bare":                 {func(d *Details) { *d = Details{Title: "Abc", Type: "link", Audience: ForInternal} }, nil},
		"no title":             {func(d *Details) { d.Title = "" }, []string{"/title"}},
		"short title":          {func(d *Details) { d.Title = "ab" }, []string{"/title"}},
		"longest title":        {func(d *Details) { d.Title = strings.Repeat("ü", 200) }, nil},
		"title too long":       {func(d *Details) { d.Title = strings.Repeat("ü", 201) }, []string{"/title"}},
		"title of two lines":   {func(d *Details) { d.Title = "Cost of\nwaiting" }, []string{"/title"}},
		"title not UTF-8":      {func(d *Details) { d.Title = "Cost\xff" }, []string{"/title"}},
		"summary with zero":    {func(d *Details) { d.Summary = "a\x00b" }, []string{"/summary"}},
		"summary too long":     {func(d *Details) { d.Summary = strings.Repeat("x", 2001) }, []string{"/summary"}},
		"unknown type":         {func(d *Details) { d.Type = "hologram" }, []string{"/type"}},
		"unknown audience":     {func(d *Details) { d.Audience = "public" }, []string{"/audience"}},
		"shortest role":        {func(d *Details) { d.Stages[0].Role = strings.Repeat("ä", MinRole) }, nil},
		"short role":           {func(d *Details) { d.Stages[0].Role = strings.Repeat("ä", MinRole-1) }, []string{"/stages/0/role"}},
		"role nobody sees":     {func(d *Details) { d.Stages[0].Role = "\u2060" + strings.Repeat("\u200b\u00a0\ufeff", MinRole) }, []string{"/stages/0/role"}},
		"role half unseen":     {func(d *Details) { d.Stages[0].Role = strings.Repeat("ä\u200b", MinRole-1) }, []string{"/stages/0/role"}},
		"role too long":        {func(d *Details) { d.Stages[0].Role = strings.Repeat("ä", MaxRole+1) }, []string{"/stages/0/role"}},
		"role of two lines":    {func(d *Details) { d.Stages[0].Role = roleText + "\n" + roleText }, nil},
		"role with zero":       {func(d *Details) { d.Stages[0].Role = roleText + "\x00" }, []string{"/stages/0/role"}},
		"role not UTF-8":       {func(d *Details) { d.Stages[0].Role = roleText + "\xff" }, []string{"/stages/0/role"}},
		"no primary":           {func(d *Details) { d.Stages[0].Primary = false }, nil},
		"two primary":          {func(d *Details) { d.Stages = []StageTag{tag("a", true), tag("b", true)} }, []string{"/stages/1/primary"}},
		"one stage twice":      {func(d *Details) { d.Stages = []StageTag{tag("a", true), tag("a", false)} }, []string{"/stages/1/stage"}},
		"persona no slug":      {func(d *Details) { d.Personas = []string{"cfo", "C F O"} }, []string{"/personas/1"}},
		"industry empty":       {func(d *Details) { d.Industries = []string{""} }, []string{"/industries/0"}},
		"product too long":     {func(d *Details) { d.Products = []string{strings.Repeat("p", 65)} }, []string{"/products/0"}},
		"no language":          {func(d *Details) { d.Language = "" }, nil},
		"language with region": {func(d *Details) { d.Language = "pt-BR" }, nil},
		"language with script": {func(d *Details) { d.Language = "zh-Hant-TW" }, nil},
		"language by name":     {func(d *Details) { d.Language = "english" }, []string{"/language"}},
		"language underscore":  {func(d *Details) { d.Language = "en_US" }, []string{"/language"}},
		"no such day":          {func(d *Details) { d.ReviewBy = "2027-02-30" }, []string{"/review_by"}},
		"time for a date":      {func(d *Details) { d.ReviewBy = "2027-03-31T00:00:00Z" }, []string{"/review_by"}},
		"no cost":              {func(d *Details) { d.Cost = nil }, nil},
		"cost without cents":   {func(d *Details) { d.Cost.Amount = "0" }, nil},
		"negative cost":        {func(d *Details) { d.Cost.Amount = "-1" }, []string{"/cost/amount"}},
		"cost with thousands":  {func(d *Details) { d.Cost.Amount = "1,250.00" }, []string{"/cost/amount"}},
		"cost in lower case":   {func(d *Details) { d.Cost.Currency = "eur" }, []string{"/cost/currency"}},
		"all faults at once": {
			func(d *Details) { *d = Details{Stages: []StageTag{{}}, ReviewBy: "x", Cost: &Cost{}} },
			[]string{"/title", "/type", "/audience", "/stages/0/role", "/review_by", "/cost/amount", "/cost/currency"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := goodDetails()
			tt.change(&d)
			err := d.Check()
			if diff := cmp.Diff(tt.want, pointers(err)); diff != "" {
				t.Errorf("faulty fields (-want +got):\n%s", diff)
			}
			if tt.want != nil && KindOf(err) != Invalid {
				t.Errorf("got kind %v, want Invalid", KindOf(err))
			}
		})
	}
}

func TestDetailsCheckTakesEveryValue(t *testing.T) {
	t.Parallel()
	for _, typ := range Types() {
		for _, audience := range Audiences() {
			d := goodDetails()
			d.Type, d.Audience = typ, audience
			if err := d.Check(); err != nil {
				t.Errorf("%s for %s: %v", typ, audience, err)
			}
		}
	}
}

func TestDetailsFacet(t *testing.T) {
	t.Parallel()
	d := goodDetails()
	for facet, want := range map[Facet][]string{Persona: d.Personas, Industry: d.Industries, Product: d.Products, "colour": nil} {
		if diff := cmp.Diff(want, d.Facet(facet)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", facet, diff)
		}
	}
}
