package sharing

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Forgotten is what an address was taken out of.
type Forgotten = store.ForgottenAddress

// FormerRecipient is whom a link is for whose recipient is forgotten. It is also what such a link writes on the pages of a PDF.
const FormerRecipient = "Former recipient"

// ForgetAddress takes a buyer's e-mail address out of everything: visitors lose it, with what it verified; links that were for
// it lose recipient and address; links that let it in by name do so no more. Visits stay, and tell of nobody; a link counts
// what one person did from several browsers as several from then on. What a rep wrote into a title or a deal stays. Admins only,
// and the command line (a nil actor). That it was done is audited, without the address.
func (s *Sharing) ForgetAddress(ctx context.Context, actor *collateral.Actor, address string) (Forgotten, error) {
	entry := collateral.AuditEntry{Action: "visitor.forgotten", SubjectKind: "visitor"}
	if actor != nil {
		if !actor.Is(collateral.Admin) {
			return Forgotten{}, collateral.Errorf(collateral.Forbidden, "Only admins have a buyer forgotten.")
		}
		entry.ActorID = actor.UserID
	}
	address = collateral.NormalEmail(address)
	if !collateral.IsEmail(address) {
		return Forgotten{}, collateral.Fault("/email", "This is not an e-mail address. Write it like name@company.com.")
	}
	var forgotten Forgotten
	err := s.Store.Tx(ctx, func(tx *store.Store) (err error) {
		if forgotten, err = tx.ForgetAddress(ctx, address, FormerRecipient); err != nil {
			return err
		}
		return tx.Audit(ctx, entry)
	})
	return forgotten, err
}
