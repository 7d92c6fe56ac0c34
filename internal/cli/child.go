package cli

import (
	"github.com/spf13/cobra"

	"collateral/internal/extract"
)

// extractChild is the command by which the server starts itself to read one document.
const extractChild = "extract-child"

func newExtractChild(p Process) *cobra.Command {
	return &cobra.Command{
		Use:    extractChild,
		Short:  "Read the document on standard input; called by the server",
		Hidden: true,
		RunE: func(_ *cobra.Command, args []string) error {
			return extract.ChildMain(args, p.Stdin, p.Stdout)
		},
	}
}
