package main

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"
)

// loadCompose reads docker-compose.yml as Docker does, with the variables given.
func loadCompose(t *testing.T, variables types.Mapping) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{"docker-compose.yml"}, cli.WithEnv(nil))
	if err != nil {
		t.Fatal(err)
	}
	options.Environment = maps.Clone(variables) // which gets more of them
	return options.LoadProject(t.Context())
}

// newSecrets are those that scripts/compose-env makes.
func newSecrets(t *testing.T) types.Mapping {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), "scripts/compose-env").Output()
	if err != nil {
		t.Fatalf("scripts/compose-env: %v", err)
	}
	secrets, err := dotenv.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("what scripts/compose-env prints is no .env: %v", err)
	}
	return types.Mapping(secrets)
}

func TestComposeStartsFromItsOwnEnv(t *testing.T) {
	t.Parallel()
	secrets, others := newSecrets(t), newSecrets(t)
	project, err := loadCompose(t, secrets)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range secrets {
		if value == others[name] || len(value) < 32 {
			t.Errorf("%s: got %q and %q, want long secrets that differ", name, value, others[name])
		}
		without := types.Mapping{}
		for other, value := range secrets {
			if other != name {
				without[other] = value
			}
		}
		if _, err := loadCompose(t, without); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: got error %v, want one that names it: there are no default passwords", name, err)
		}
	}
	registry := project.Services["registry"]
	for name, want := range map[string]string{"DATABASE_URL": "DATABASE_PASSWORD", "S3_SECRET_KEY": "S3_SECRET_KEY", "SEARCH_KEY": "MEILI_MASTER_KEY"} {
		if got := registry.Environment[name]; got == nil || !strings.Contains(*got, secrets[want]) {
			t.Errorf("the registry's %s does not carry %s", name, want)
		}
	}
}

func TestComposeServices(t *testing.T) {
	t.Parallel()
	project, err := loadCompose(t, newSecrets(t))
	if err != nil {
		t.Fatal(err)
	}
	docs := operations(t)
	settings := programSettings(t)
	for name, s := range project.Services {
		image, tag, _ := strings.Cut(s.Image, ":")
		switch {
		case s.Build != nil:
		case !regexp.MustCompile(`^v?\d+\.\d+`).MatchString(tag):
			t.Errorf("%s: got the image %s, want a version: another one would come by itself", name, s.Image)
		case strings.HasPrefix(image, "minio/"):
			t.Errorf("%s: the images of %s are gone", name, image)
		case !strings.Contains(docs, "`"+s.Image+"`"):
			t.Errorf("%s: docs/operations.md does not say what %s is for", name, s.Image)
		}
		if s.Restart != "" && (s.HealthCheck == nil || len(s.HealthCheck.Test) == 0) {
			t.Errorf("%s is kept running without a health check", name)
		}
		for _, port := range s.Ports {
			if name != "registry" || port.HostIP != "127.0.0.1" {
				t.Errorf("%s is reachable at %q from outside, want the registry on the loopback address only", name, port.HostIP)
			}
		}
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeBind {
				if info, err := os.Stat(v.Source); err != nil || info.IsDir() {
					t.Errorf("%s mounts %s, which is no file of the project: %v", name, v.Source, err)
				}
			}
		}
		if s.Build != nil {
			for variable := range s.Environment {
				if !settings[variable] {
					t.Errorf("%s sets %s, which the program does not know", name, variable)
				}
			}
		}
	}
	for _, name := range []string{"registry", "migrate"} {
		if s := project.Services[name]; !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") {
			t.Errorf("%s may write to its image, or has capabilities", name)
		}
	}
}

// TestComposeVariables holds the documentation of the variables against the file.
func TestComposeVariables(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	docs := operations(t)
	for _, found := range regexp.MustCompile(`\$\{([A-Z0-9_]+)`).FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(docs, "`"+found[1]+"`") {
			t.Errorf("docs/operations.md does not say what %s is", found[1])
		}
	}
}

// TestImageRunsWithoutRoot reads what decides it.
func TestImageRunsWithoutRoot(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	users := regexp.MustCompile(`(?m)^USER (.*)$`).FindAllStringSubmatch(string(text), -1)
	if len(users) == 0 || !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(users[len(users)-1][1]) {
		t.Errorf("got the users %v, want the last to be a number other than root's", users)
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(text), -1) {
		if _, tag, _ := strings.Cut(from[1], ":"); tag == "" || tag == "latest" {
			t.Errorf("got FROM %s, want a version", from[1])
		}
	}
}

// programSettings are the variables that the program knows, read from its own help.
func programSettings(t *testing.T) map[string]bool {
	t.Helper()
	help, err := exec.CommandContext(t.Context(), buildProgram(t), "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, name := range regexp.MustCompile(`[A-Z][A-Z0-9]*_[A-Z0-9_]+`).FindAllString(string(help), -1) {
		known[name] = true
	}
	return known
}

func operations(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func buildProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "collateral")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	return program
}
