package browsertest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/demo"
	"collateral/internal/web/browsertest"
)

// What marketers do, each journey with pieces of its own.
func TestMarketer(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for name, journey := range map[string]func(*testing.T, *town){
		"from the form to what became of it": marketerPublishes,
		"without scripts":                    marketerSubmitsWithoutScripts,
		"a stale page":                       marketerMeetsAnother,
		"a session that ended":               marketerSignsInAgain,
		"a connection that broke":            marketerLosesTheConnection,
		"a library":                          marketerBringsALibraryIn,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			journey(t, w)
		})
	}
}

// The whole job: a piece is registered with all that its gate asks for, sent back, mended, signed and published.
func marketerPublishes(t *testing.T, w *town) {
	const title = "What a stopped bus costs"
	b := w.tab(t, collateral.Marketer, "/work")
	b.Follow("New piece")
	b.Fill("Title", "Keep them rolling, the first call about breakdowns")
	b.Shows("[data-likes]", "Keep them rolling: the first call about breakdowns")
	b.Fill("Title", title)
	b.Choose("Type", "one-pager")

	b.Expect("422")
	b.Click("Save and submit for sign-off")
	b.Shows("[role=alert]", "buying stage")
	b.Shows("[role=alert]", "file")
	b.Shows("[data-need=title][data-met=yes]", "A title")
	b.Shows("[data-need=stage][data-met=no]", "A buying stage")
	b.Choose("css=#stage-0", "Problem identification")
	b.Shows("[data-need=stage][data-met=yes]", "A buying stage")
	b.Fill("css=#role-0", "Shows the cost")
	b.Shows("[data-counter]", "6 more characters")
	b.Fill("css=#role-0", "Lets the buyer count what a bus that stands still costs them.")
	b.Shows("[data-need=role][data-met=yes]", "characters")
	b.Files("Or a file", written(t, "bus.txt", "A stopped bus costs 900 euros an hour.\n"))
	b.Shows("[data-need=content][data-met=yes]", "A file")
	b.Axe()
	b.Click("Save and submit for sign-off")
	b.Shows("[role=status]", "Handed to Sales.")
	b.Shows(".steps", "could be signed by")
	b.Shows(".steps", "Marcus Odenwall")

	a := w.tab(t, collateral.Approver, "/reviews")
	a.Follow(title)
	a.Click("Request changes")
	a.Fill("What has to change", "Nobody knows where the 900 euros come from. Name the source.")
	a.Follow("Send it back")

	b.Go("/notices")
	b.Follow("Marcus Odenwall asks for changes of “" + title + "”.")
	b.Shows("h1", title)
	b.Shows("blockquote", "Name the source.")
	b.Fill("What changed", "The source is named")
	b.Drop("[data-upload-form]", written(t, "bus.txt", "A stopped bus costs 900 euros an hour, says the council of bus companies.\n"))
	b.Click("Store it")
	b.Shows("[role=status]", "Stored as version 2.")
	b.Follow("Submit for sign-off")
	b.Shows("[role=status]", "Handed to Sales.")

	a.Go("/reviews")
	a.Follow(title)
	a.Shows("main", "The source is named")
	a.Follow("Sign it")
	a.WasAsked("Sign exactly this file")

	b.Go("/work")
	b.Follow("Publish " + title)
	b.Shows("[role=status]", "Published.")
	b.Follow("As reps see it")
	b.Shows("h1", title)
	r := w.tab(t, collateral.Rep, b.Path())
	r.Shows("h1", title)
	b.Follow("Work on this piece")
	b.Shows(".week-charts", "1 Opened")

	b.Go("/work/new")
	b.Files("Or a file", written(t, "again.txt", "A stopped bus costs 900 euros an hour, says the council of bus companies.\n"))
	b.Shows("[data-same]", title)

	b.Go(w.path(t, "/work/{Keep them rolling: the first call about breakdowns}"))
	b.Shows("#became ~ p", "last shared or presented on")
	b.Shows(".week-chart", "Shared or presented")
	b.Shows("main", "Mid-market North")
}

// Nothing of the form needs a script: it is filled in, refused with all that was typed, and sent with its file.
func marketerSubmitsWithoutScripts(t *testing.T, w *town) {
	b := w.tab(t, collateral.Marketer, "/signin")
	b.Scripts(false)
	b.Go("/work/new")
	b.Fill("Title", "Spare parts by night")
	b.Choose("Type", "email template")
	b.Fill("css=#role-1", "Says when the van is back on the road.")
	b.Expect("422")
	b.Follow("Save and submit for sign-off")
	b.Shows("[role=alert]", "stage")
	b.Holds("#role-1", "Says when the van is back on the road.")
	b.Choose("css=#stage-1", "Solution exploration")
	b.Files("Or a file", written(t, "parts.txt", "We deliver by night."))
	b.Follow("Save and submit for sign-off")
	b.Shows("[role=status]", "Handed to Sales.")
	b.Shows("h1", "Spare parts by night")
	b.Shows("#versions ~ .table-frame", "parts.txt")
}

// Who saves over what somebody else has saved meanwhile is shown both, and chooses.
func marketerMeetsAnother(t *testing.T, w *town) {
	form := w.path(t, "/work/{Maintenance records that insurers accept}/edit")
	mine, theirs := w.tab(t, collateral.Marketer, form), browsertest.Open(t, w.url)
	theirs.SignIn("tobias@marrowby.example", demo.Password, form)
	theirs.Fill("Title", "Maintenance records that insurers like")
	theirs.Fill("Summary", "What the insurer asks for after an accident.")
	theirs.Click("Save draft")
	theirs.Shows("[role=status]", "Saved.")

	mine.Fill("Summary", "What insurers want to see.")
	mine.Expect("409")
	mine.Click("Save draft")
	mine.Shows("[role=alert]", "Somebody else changed the piece while you did.")
	mine.Shows("fieldset:has([name=take_summary])", "What insurers want to see.")
	mine.Shows("fieldset:has([name=take_summary])", "What the insurer asks for after an accident.")
	mine.Axe()
	mine.ClickIn("fieldset:has([name=take_title])", "There now")
	mine.Click("Save draft")
	mine.Shows("[role=status]", "Saved.")
	mine.Shows("h1", "Maintenance records that insurers like")
	mine.Follow("Edit")
	mine.Holds("#summary", "What insurers want to see.")
}

// A session that ends in the middle of a long form takes nothing with it.
func marketerSignsInAgain(t *testing.T, w *town) {
	b := w.tab(t, collateral.Marketer, "/work/new")
	fill := func(title string) {
		b.Fill("Title", title)
		b.Fill("Summary", "Two sentences. They took an hour.")
		b.Choose("Type", "one-pager")
		b.Choose("css=#stage-0", "Validation")
		b.Fill("css=#role-0", "Takes the fear of the change from the workshop.")
		b.Files("Or a file", written(t, "fear.txt", title))
	}
	b.Expect("401")
	fill("No fear of the change")
	b.Forget()
	b.Click("Save draft")
	b.Shows("dialog", "Nothing that you typed is lost")
	b.Fill("E-mail", emailOf(collateral.Marketer))
	b.Fill("Password", demo.Password)
	b.Click("Sign in and go on")
	b.Shows("[role=status]", "Saved.")
	b.Shows("h1", "No fear of the change")
	b.Shows("#versions ~ .table-frame", "fear.txt")

	b.Scripts(false)
	b.Go("/work/new")
	fill("Still no fear of the change")
	b.Forget()
	b.Follow("Save draft")
	b.Shows("[role=status]", "Your session had ended.")
	b.Fill("E-mail", emailOf(collateral.Marketer))
	b.Fill("Password", demo.Password)
	b.Follow("Sign in")
	b.Shows("h1", "Signed in again")
	b.Files("File", written(t, "fear.txt", "still"))
	b.Follow("Send it")
	b.Shows("[role=status]", "Saved.")
	b.Shows("h1", "Still no fear of the change")
	b.Shows("#versions ~ .table-frame", "fear.txt")
	b.Follow("Edit")
	b.Holds("#summary", "Two sentences. They took an hour.")
	b.Holds("#role-0", "Takes the fear of the change")
}

// big is how many bytes a file has whose way can be watched.
const big = 400_000

// An upload tells how far it is. When the connection breaks, everything is still there and can be sent again.
func marketerLosesTheConnection(t *testing.T, w *town) {
	b := w.tab(t, collateral.Marketer, "/work/new")
	b.Fill("Title", "Night shift in the tunnel")
	b.Choose("Type", "one-pager")
	b.Fill("Summary", "Typed in a train.")
	b.Until(`(sessionStorage.getItem("piece:new") ?? "").includes("Typed in a train.")`)
	b.Reload()
	b.Click("Bring it back")
	b.Files("Or a file", written(t, "tunnel.txt", string(bytes.Repeat([]byte("tunnel\n"), big/7))))
	b.Slow(big / 10)
	b.Click("Save draft")
	b.Shows("[data-upload-text]", "Sent ")
	b.Until(`document.querySelector("[data-upload] progress").value > 0`)
	b.Expect("net::ERR")
	b.Offline()
	b.Shows("[data-upload-text]", "The connection broke. Everything is still here.")
	b.Online()
	b.Click("Try again")
	b.Shows("[role=status]", "Saved.")
	b.Shows("h1", "Night shift in the tunnel")
	b.Shows("#versions ~ .table-frame", "tunnel.txt")
	b.Follow("Edit")
	b.Holds("#summary", "Typed in a train.")
}

// A library comes in by its list, which is looked at first, and by its files, which are chosen again after an interruption.
func marketerBringsALibraryIn(t *testing.T, w *town) {
	const head = "file,title,type,audience,stages\n"
	const small = "small.txt,Trams in winter,one-pager,customer,validation (primary): Shows that the heating of the points is in the plan.\n"
	const large = "large.txt,Trams in summer,one-pager,customer,validation (primary): Shows that the rails are watched when it is hot.\n"
	const bare = "bare.txt,Trams in autumn,one-pager,customer,\n"
	b := w.tab(t, collateral.Marketer, "/work")
	b.Follow("Bring a library in")
	b.Fill("Name", "Trams")
	b.Files("CSV", written(t, "trams.csv", head+small+"large.txt,Trams in summer,poster,customer,validatoin: Too short.\n"))
	b.Click("Look at the list")
	b.Shows("[role=alert]", "Nothing is brought in before the list has none")
	b.Shows(".faults tbody tr:first-child", "3")
	b.Shows(".faults", "validation")
	b.Axe()
	b.Files("CSV", written(t, "trams.csv", head+small+large+bare))
	b.Click("Look at the list")
	b.Shows("main", "1 piece will lack something to be submitted")
	b.Click("Bring 3 rows in")
	b.Shows("#files", "3 rows await their files")

	files := []string{
		written(t, "small.txt", "Points are heated."), written(t, "large.txt", string(bytes.Repeat([]byte("rails\n"), big/6))), written(t, "bare.txt", "Leaves."),
	}
	b.Files("Files", files...)
	b.Slow(big / 10)
	b.Click("Send the files")
	b.Shows("[data-upload-text]", "File 2 of 3: large.txt")
	b.Click("Pause")
	b.Online()
	b.Reload()
	b.Shows("#files", "2 rows await their files")
	b.Drop("[data-batch]", files...)
	b.Hides("#files")
	b.Shows("table", "Trams in summer")
	b.Shows("table", "tagged to no buying stage")
	b.Follow("Submit all complete ones")
	b.Shows("[role=status]", "2 pieces handed to Sales")
	b.Shows("table", "in review")
}

// written is the path of a file with the content, to be chosen.
func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
