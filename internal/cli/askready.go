package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

func newReady(p Process) *cobra.Command {
	settings := slices.DeleteFunc(serverSettings(), func(s setting) bool { return s.flag != "listen" })
	cmd := &cobra.Command{
		Use:   "ready",
		Short: "Ask the server on this machine whether it is ready",
		Long: `Ask the server that listens on this machine whether it is ready: whether the database, the files and the search index
answer. The exit code is 0 when they do. This is for the health checks of containers.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			return askReady(cmd.Context(), cfg.Listen, p.Stdout)
		},
	}
	addFlags(cmd.Flags(), settings)
	return cmd
}

// askReady asks what listens on the address, and says what it answers.
func askReady(ctx context.Context, listen string, out io.Writer) error {
	// The server itself takes answerTime at most.
	ctx, cancel := context.WithTimeout(ctx, answerTime+time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(listen)+"/readyz", nil)
	if err != nil {
		return err
	}
	// Not through a proxy of the environment: it asks this machine.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("asking the server on %s: %w", listen, err)
	}
	defer answer.Body.Close()
	var told struct{ Status, Detail any }
	if err := json.NewDecoder(io.LimitReader(answer.Body, 64<<10)).Decode(&told); err != nil {
		return fmt.Errorf("what listens on %s is no registry: %w", listen, err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %v", told.Detail)
	}
	say(out, "%v\n", told.Status)
	return nil
}

// reachable is where this machine reaches what listens on an address, which may be all of its own.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return listen
}
