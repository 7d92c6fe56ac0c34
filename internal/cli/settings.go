package cli

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"collateral/internal/store"
)

// setting is one thing that can be configured: by a flag, else by an environment variable, else by its default.
type setting struct {
	flag     string // "" for a secret: what stands in a command line is there for everybody to see
	value    string // what the value is, in a word
	env      string // the variable, and others that are looked at after it, separated by commas
	fallback string // the default, as it would be written; DATA stands for the folder of --data
	help     string
	apply    func(c *Config, value string) error
}

// storeSettings say where everything is kept. Every command takes them.
func storeSettings() []setting {
	return []setting{
		{"data", "FOLDER", "COLLATERAL_DATA", "./data", "where everything is kept that has no place of its own", setData},
		{"database-url", "URL", "DATABASE_URL", filepath.Join(dataWord, "collateral.db"), "the database: a file (SQLite) or postgres://...", setDatabase},
		{"blob-url", "URL", "BLOB_URL", filepath.Join(dataWord, "blobs"), "where the files of the pieces are kept: a folder, or s3://BUCKET/PREFIX?endpoint=https://HOST", setBlobs},
		{"", "KEY", "S3_ACCESS_KEY,AWS_ACCESS_KEY_ID", noKey, "the access key for s3://", setS3AccessKey},
		{"", "SECRET", "S3_SECRET_KEY,AWS_SECRET_ACCESS_KEY", noKey, "its secret", setS3SecretKey},
		{"", "TOKEN", "S3_SESSION_TOKEN,AWS_SESSION_TOKEN", noKey, "its session token, if it is a temporary one", setS3Session},
		{"search-url", "FOLDER", "SEARCH_URL", filepath.Join(dataWord, "index"), "where the search index is kept: a folder, or Meilisearch at http(s)://HOST:PORT", setSearch},
		{"search-index", "NAME", "SEARCH_INDEX", "collateral", "the name of the index on a search server, and what those of its helpers begin with", setSearchIndex},
		{"", "KEY", "SEARCH_KEY", noKey, "the key of the search server", setSearchKey},
	}
}

// serverSettings are those of the commands that serve.
func serverSettings() []setting {
	return []setting{
		{"second-index", "WORD", "COLLATERAL_SECOND_INDEX", "refuse", "another server with an index in a folder, on one database: refuse to start, or accept that each finds a part", setSecondIndex},
		{"listen", "ADDRESS", "COLLATERAL_LISTEN", "127.0.0.1:8080", "where to listen; port 0 takes a free one", setListen},
		{"metrics-listen", "ADDRESS", "COLLATERAL_METRICS_LISTEN", "none", "where Prometheus finds /metrics; not for the public", setMetricsListen},
		{"traces", "URL", "COLLATERAL_TRACES,OTEL_EXPORTER_OTLP_ENDPOINT", "none", "the OpenTelemetry collector, as OTLP over HTTP, that hears where time goes, such as http://localhost:4318", setTraces},
		{"trace-share", "NUMBER", "COLLATERAL_TRACE_SHARE", "1", "the share of requests and jobs that are traced, from 0 to 1", setTraceShare},
		{"", "HEADERS", "OTEL_EXPORTER_OTLP_HEADERS", noKey, "what the collector knows its clients by, such as api-key=SECRET", setTraceHeaders},
		{"max-upload", "SIZE", "COLLATERAL_MAX_UPLOAD", "2GiB", "the largest file that is taken, such as 500MB", setMaxUpload},
		{"keep-free", "SIZE", "COLLATERAL_KEEP_FREE", "256MiB", "what uploads leave free on the disk of the files, for the database and the index; s3:// has its own limits", setKeepFree},
		{"blob-links", "DURATION", "COLLATERAL_BLOB_LINKS", "off", "with s3://: lead downloads to the store itself, by addresses that are good for so long, such as 1m", setLinks},
		{"trusted-proxies", "NETWORKS", "COLLATERAL_TRUSTED_PROXIES", "none", "proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8,192.0.2.7", setProxies},
		{"beacon-origins", "ORIGINS", "COLLATERAL_BEACON_ORIGINS", "none", "systems whose pages may report uses by /beacon.js, such as https://crm.example.com,https://mail.example.com", setBeaconOrigins},
		{"pdfium", "FILE", "PDFIUM_WASM", "auto", "PDFium as WebAssembly, which makes pictures of PDFs; auto looks where it usually is, none goes without", setPDFium},
		{"office", "FILE", "COLLATERAL_OFFICE", "auto", "LibreOffice's soffice, which makes PDFs of slides and documents on the way to pictures; auto looks in the PATH, none goes without", setOffice},
		{"workers", "NUMBER", "COLLATERAL_WORKERS", "2", "documents read at the same time, and as many other background jobs", setWorkers},
		{"database-conns", "NUMBER", "COLLATERAL_DATABASE_CONNS", strconv.Itoa(store.DefaultConns), "connections to PostgreSQL at the same time", setDatabaseConns},
		{"database-timeout", "DURATION", "COLLATERAL_DATABASE_TIMEOUT", "15s", "how long PostgreSQL may take over one statement", setDatabaseTimeout},
		{"wait", "DURATION", "COLLATERAL_WAIT", "0s", "how long a start waits for a database, a store of files or a search server that does not answer yet", setWait},
		{"drain", "DURATION", "COLLATERAL_DRAIN", "0s", "how long requests are still taken after SIGTERM, with 503 at /readyz", setDrain},
		{"grace", "DURATION", "COLLATERAL_GRACE", "30s", "how long requests and jobs may go on after that", setGrace},
		{"log-level", "LEVEL", "COLLATERAL_LOG_LEVEL", "info", "the least that is logged: debug, info, warn or error", setLogLevel},
		{"log-format", "FORMAT", "COLLATERAL_LOG_FORMAT", "text", "the log on standard error: text or json", setLogFormat},
	}
}

// variable returns what the environment says of a setting, and the name of the variable that says it.
func (s setting) variable(getenv func(string) string) (value, name string) {
	for name := range strings.SplitSeq(s.env, ",") {
		if value := getenv(name); value != "" {
			return value, name
		}
	}
	return "", ""
}

// addFlags gives flags one for each setting.
func addFlags(flags *pflag.FlagSet, settings []setting) {
	for _, s := range settings {
		if s.flag == "" {
			continue
		}
		flags.Var(&flagValue{s.fallback, s.value}, s.flag, s.help+" [$"+s.env+"]")
	}
}

// flagValue is the text of a flag; what it means is found out when all settings are there.
type flagValue struct{ text, kind string }

var _ pflag.Value = (*flagValue)(nil)

// String implements pflag.Value.
func (v *flagValue) String() string { return v.text }

// Set implements pflag.Value.
func (v *flagValue) Set(text string) error {
	v.text = text
	return nil
}

// Type implements pflag.Value: it is what --help calls the value.
func (v *flagValue) Type() string { return v.kind }

// settingsTable lists settings for people.
func settingsTable(settings []setting) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	say(w, "  FLAG\tVARIABLE\tDEFAULT\tMEANING\n")
	for _, s := range settings {
		flag := "-"
		if s.flag != "" {
			flag = "--" + s.flag + " " + s.value
		}
		say(w, "  %s\t%s\t%s\t%s\n", flag, s.env, s.fallback, s.help)
	}
	_ = w.Flush() // to memory
	return text.String()
}

// dataWord stands in defaults for the folder of --data.
const dataWord = "DATA"

func setData(c *Config, value string) error {
	c.Data = filepath.Clean(value)
	return nil
}

// inData resolves a default below the data folder, which is set before.
func inData(c *Config, value string) string {
	if below, ok := strings.CutPrefix(value, dataWord+string(filepath.Separator)); ok {
		return filepath.Join(c.Data, below)
	}
	return value
}

func setDatabase(c *Config, value string) error {
	scheme, _, isURL := strings.Cut(value, "://")
	switch {
	case isURL && scheme != "postgres" && scheme != "postgresql" && scheme != "file" && scheme != "sqlite":
		return fmt.Errorf("the database is a file (SQLite) or postgres://..., not %s://", scheme)
	case !isURL && (strings.HasPrefix(value, "postgres") && strings.Contains(value, "@") || strings.Contains(value, "host=")):
		return errors.New("write the address of PostgreSQL as postgres://USER:PASSWORD@HOST/DATABASE")
	}
	c.DatabaseURL = inData(c, value)
	return nil
}

// setBlobs leaves it to openBlobs to read the address of a bucket: commands that open none have no use for it.
func setBlobs(c *Config, value string) error {
	if scheme, _, isURL := strings.Cut(value, "://"); isURL && scheme+"://" != bucketScheme {
		return fmt.Errorf("the files are kept in a folder or in s3://..., not %s://", scheme)
	}
	c.BlobURL = inData(c, value)
	return nil
}

// noKey is the default of a secret.
const noKey = "none"

// keyOf is the secret that a value is.
func keyOf(value string) string {
	if value == noKey {
		return ""
	}
	return value
}

func setS3AccessKey(c *Config, value string) error {
	c.S3Keys.Access = keyOf(value)
	return nil
}

func setS3SecretKey(c *Config, value string) error {
	c.S3Keys.Secret = keyOf(value)
	return nil
}

func setS3Session(c *Config, value string) error {
	c.S3Keys.Session = keyOf(value)
	return nil
}

// setLinks reads how long addresses are good for. The protocol allows a week; a client that follows one at once needs seconds.
func setLinks(c *Config, value string) error {
	c.Links = 0
	if value == "off" {
		return nil
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < 5*time.Second || d > time.Hour {
		return fmt.Errorf("%q is neither off nor a duration from 5s to 1h", value)
	}
	c.Links = d
	return nil
}

func setSecondIndex(c *Config, value string) error {
	if value != "refuse" && value != "accept" {
		return fmt.Errorf("%q is neither refuse nor accept", value)
	}
	c.SecondIndex = value == "accept"
	return nil
}

func setListen(c *Config, value string) (err error) {
	c.Listen, err = parseAddress(value)
	return err
}

// parseAddress checks an address to listen on.
func parseAddress(value string) (string, error) {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("%q is not an address to listen on: write it like 127.0.0.1:8080 or :8080", value)
	}
	return value, nil
}

func setMetricsListen(c *Config, value string) error {
	if value == "none" {
		c.MetricsListen = ""
		return nil
	}
	address, err := parseAddress(value)
	c.MetricsListen = address
	return err
}

func setMaxUpload(c *Config, value string) (err error) {
	c.MaxUpload, err = parseSize(value)
	return err
}

func setKeepFree(c *Config, value string) (err error) {
	if value == "0" {
		c.KeepFree = 0
		return nil
	}
	c.KeepFree, err = parseSize(value)
	return err
}

// setProxies reads networks and single addresses, separated by commas.
func setProxies(c *Config, value string) error {
	c.Proxies = nil
	if value == "none" {
		return nil
	}
	for word := range strings.SplitSeq(value, ",") {
		network := strings.TrimSpace(word)
		if ip := net.ParseIP(network); ip != nil {
			bits := 8 * net.IPv6len
			if ip.To4() != nil {
				bits = 8 * net.IPv4len
			}
			network = fmt.Sprintf("%s/%d", network, bits)
		}
		_, trusted, err := net.ParseCIDR(network)
		if err != nil {
			return fmt.Errorf("%q is no address or network: write them like 10.0.0.0/8,192.0.2.7, or none", word)
		}
		c.Proxies = append(c.Proxies, trusted)
	}
	return nil
}

// setBeaconOrigins reads origins as browsers write them, separated by commas.
func setBeaconOrigins(c *Config, value string) error {
	c.BeaconOrigins = nil
	if value == "none" {
		return nil
	}
	for word := range strings.SplitSeq(value, ",") {
		origin := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(word)), "/")
		u, err := url.Parse(origin)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || origin != u.Scheme+"://"+u.Host {
			return fmt.Errorf("%q is not where pages come from: write it like https://crm.example.com, without a path", word)
		}
		c.BeaconOrigins = append(c.BeaconOrigins, origin)
	}
	return nil
}

func setWorkers(c *Config, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 64 {
		return fmt.Errorf("%q is not a number from 1 to 64", value)
	}
	c.Workers = n
	return nil
}

func setDatabaseConns(c *Config, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 4 || n > 1000 {
		return fmt.Errorf("%q is not a number from 4 to 1000", value)
	}
	c.DatabaseLimits.Conns = n
	return nil
}

func setDatabaseTimeout(c *Config, value string) (err error) {
	c.DatabaseLimits.Statement, err = parseDuration(value)
	if err == nil && c.DatabaseLimits.Statement < time.Second {
		return fmt.Errorf("%q is too short: give it a second at least", value)
	}
	return err
}

func setWait(c *Config, value string) (err error) {
	c.Wait, err = parseDuration(value)
	return err
}

func setDrain(c *Config, value string) (err error) {
	c.Drain, err = parseDuration(value)
	return err
}

func setGrace(c *Config, value string) (err error) {
	c.Grace, err = parseDuration(value)
	return err
}

func parseDuration(value string) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration: write it like 30s or 2m", value)
	}
	return d, nil
}

func setLogLevel(c *Config, value string) error {
	if err := c.LogLevel.UnmarshalText([]byte(value)); err != nil {
		return fmt.Errorf("%q is not a level: use debug, info, warn or error", value)
	}
	return nil
}

func setLogFormat(c *Config, value string) error {
	if value != "text" && value != "json" {
		return fmt.Errorf("%q is not a format of the log: use text or json", value)
	}
	c.LogJSON = value == "json"
	return nil
}
