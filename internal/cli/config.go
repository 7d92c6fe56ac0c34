package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"collateral/internal/blob/minioblob"
	"collateral/internal/mail"
	"collateral/internal/store"
	"collateral/internal/traces"
	"collateral/internal/webhook"
)

// Config is what a command runs with: settings.go says where each value comes from.
type Config struct {
	Data        string         // folder
	DatabaseURL string         // a file, or postgres://
	BlobURL     string         // a folder, or s3://
	S3Keys      minioblob.Keys // for s3://
	IndexFolder string

	SearchServer SearchServer // in place of the folder, when it has an address

	// For commands that serve.
	DatabaseLimits store.Limits // of PostgreSQL
	SecondIndex    bool         // another server on the same database may have an index of its own, too

	Listen        string // host:port
	MetricsListen string // host:port, empty for none
	Traces        traces.Config
	MaxUpload     int64         // bytes
	KeepFree      int64         // bytes on the disk of the files that uploads leave to the rest
	Links         time.Duration // how long an address of a file's place is good for; 0 for no such addresses
	Proxies       []*net.IPNet  // whose word is taken for the address of a caller
	BeaconOrigins []string      // https://HOST of systems whose pages may report uses
	PDFium        string        // a file, or one of the words of its setting
	Office        string        // a file, or one of the words of its setting
	Workers       int           // documents read at the same time, and as many other background jobs
	Wait          time.Duration // for parts that do not answer yet, at the start
	Drain         time.Duration // after the signal to end, in which requests are still taken
	Grace         time.Duration // for requests and jobs that run then
	LogLevel      slog.Level
	LogJSON       bool

	Mail      *mail.Server // that takes mails of notices; nil for none
	PublicURL string       // where people find the pages; empty when that is not known

	Company        string // who runs this; empty when nobody said
	PrivacyContact string // whom to ask about personal data; empty when nobody said

	Webhooks *webhook.Sender // that tells other systems of events; nil for none

	// ReadDocument is the command, without the last arguments, that starts a process to read one document; without it
	// documents are read in this one, which is no place for those of strangers.
	ReadDocument []string
	// MarkDocument is the command that starts a process to write on a PDF; without it that is done in this process.
	MarkDocument []string
}

// Defaults returns the configuration of a server that keeps everything in the given folder and listens on a free port
// of this machine.
func Defaults(data string) Config {
	var c Config
	for _, s := range append(storeSettings(), serverSettings()...) {
		if err := s.apply(&c, s.fallback); err != nil {
			panic(fmt.Sprintf("the default of --%s is refused: %v", s.flag, err))
		}
		if s.flag == "data" {
			c.Data = data
		}
	}
	c.Listen = "127.0.0.1:0"
	return c
}

// resolve reads the settings from the flags, the environment and their defaults. Its error names every fault.
func resolve(settings []setting, flags *pflag.FlagSet, getenv func(string) string) (Config, error) {
	var c Config
	var faults []string
	for _, s := range settings {
		value, source := s.fallback, "--"+s.flag
		if s.flag == "" {
			source = s.env
		}
		if flag := flags.Lookup(s.flag); flag != nil && flag.Changed {
			value = flag.Value.String()
		} else if set, from := s.variable(getenv); set != "" {
			value, source = set, from
		}
		err := s.apply(&c, value)
		if value == "" {
			err = errors.New("must not be empty")
		}
		if err != nil {
			faults = append(faults, source+": "+err.Error())
		}
	}
	if len(faults) > 0 {
		return Config{}, usageError(strings.Join(faults, "\n"))
	}
	return c, nil
}

// logger returns the log that the configuration asks for.
func (c Config) logger(to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogJSON {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// usageError is a fault in how a command was called.
type usageError string

func (e usageError) Error() string { return string(e) }
