package privacy

import "fmt"

// part is one sort of what is kept of a person.
type part struct {
	name  string
	about string // what it is and why it is kept
	kept  string // how long
}

const (
	asAccount = "As long as the account. When it is anonymised, name, address and team are replaced."
	asPiece   = "As long as the piece: who made and signed it is part of its history."
	asShelf   = "Until you delete it, or ask to be forgotten."
	forGood   = "For good: it is the evidence of who signed and changed what. It holds ids, so an anonymised account is named by none of it."
)

// parts are in the order of the file.
func (p *Privacy) parts() []part {
	t := p.Terms()
	asUses := fmt.Sprintf("%d days. Only totals of pieces stay, which know no person.", t.UseDays)
	return []part{
		{"account", "Who you are here, as an admin wrote it down. Your password is kept as a hash that nobody can read it from.", asAccount},
		{"roles", "What you may do, since when and until when: a signature holds if its role was held at that moment.", forGood},
		{"mail", "Whether you said that notices are to be mailed to you.", asAccount},
		{"sessions", "Where you are signed in. The secret is with your browser alone.", "Until you sign out, or for two weeks."},
		{"tokens", "The API tokens that you made, without their secrets.", "Until you delete them, or the account is deactivated."},
		{"sign_in_failures", "Failed attempts to sign in to your account, and the network addresses they came from, against guessing.", "Two hours at most."},
		{"uses", "Which pieces you opened, took, shared and presented, and what you said of it. Figures of pieces are made of it; you alone see your own.", asUses},
		{"viewings", "For how long the page of a piece was before you, and which pages of the piece, so that its makers learn where it loses people. Figures of pieces are made of it; you alone see your own.", asUses},
		{"searches", "What you searched for, and what you were shown: what many look for and do not find is to be made. You alone see your own.", asUses},
		{"favourites", "Pieces that you marked to find them again.", asShelf},
		{"collections", "Pieces that you put together, a row for each piece.", "Until you delete them, or the account is anonymised."},
		{"notices", "What you were told of.", fmt.Sprintf("90 days after you read it; unread, %d days.", t.UseDays)},
		{"flags", "What you said is outdated or wrong. Those who make the piece see it with your name.", asPiece},
		{"flags_settled", "What you answered to such words of others.", asPiece},
		{"pieces", "The pieces that you keep.", asPiece},
		{"coauthored", "The pieces that you are a co-author of.", asPiece},
		{"versions", "The versions that you uploaded.", asPiece},
		{"contributions", "The versions that you contributed to: whoever did may not sign them.", asPiece},
		{"reviews", "What you decided about versions, with your comment.", asPiece},
		{"approvals", "Your signatures.", forGood},
		{"review_openings", "Which versions under review you looked at, so that you know them again.", fmt.Sprintf("%d days.", t.UseDays)},
		{"publications", "What you published and withdrew.", forGood},
		{"reasons", "Why you withdrew or purged something.", asPiece},
		{"purges", "Which bytes you purged.", forGood},
		{"batches", "The libraries that you brought in.", asPiece},
		{"links", "The links for buyers that you made, and for whom.", fmt.Sprintf("%d days after their end.", t.LinkDays)},
		{"links_revoked", "The links for buyers that you withdrew.", fmt.Sprintf("%d days after that.", t.LinkDays)},
		{"webhooks", "The webhooks that you set up.", "Until an admin deletes them."},
		{"audit_by", "What you changed and when you signed in, as the audit log has it. Admins read it.", forGood},
		{"audit_about", "What was done to your account. Admins read it.", forGood},
	}
}
