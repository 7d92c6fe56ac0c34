package cli

import (
	"github.com/spf13/cobra"

	"collateral/internal/extract"
	"collateral/internal/watermark"
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

// markChild is the command by which the server starts itself to write on a PDF whom it is for.
const markChild = "mark-child"

func newMarkChild(p Process) *cobra.Command {
	return &cobra.Command{
		Use:    markChild,
		Short:  "Write a line of text on the PDF that follows it on standard input; called by the server",
		Hidden: true,
		Args:   noArgs,
		RunE: func(*cobra.Command, []string) error {
			return watermark.ChildMain(p.Stdin, p.Stdout)
		},
	}
}
