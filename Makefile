# Everything one does with the source. "make help" lists it; "make test" needs nothing prepared but Go.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Pinned: a linter that changes by itself fails builds that nobody touched. It needs a Go as new as ours to read ours.
GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT := .cache/bin/golangci-lint-$(GOLANGCI_LINT_VERSION)

# The race detector needs a C compiler. Expanded when a recipe runs, after set-up has done what it may to get one. It leaves
# out one package, SQLite's C turned into Go, which works on memory of its own under mutexes that it does watch, as it
# watches the driver: looking at each of its reads was more than half of the time of tests on SQLite.
RACE = $(shell if command -v gcc >/dev/null; then echo -race -gcflags=modernc.org/sqlite/lib=-race=false; else echo "WITHOUT THE RACE DETECTOR: no gcc" >&2; fi)

# By default a program under the race detector sleeps for a second before it exits; tests run hundreds of programs. A race is
# told when it is seen, and not only then.
export GORACE ?= atexit_sleep_ms=0

# One package may take this long. Starting servers and hashing passwords under the race detector is slow.
TEST_TIMEOUT ?= 25m

# Which benchmarks, how often those of parts; how long each fuzz target.
BENCH ?= .
BENCH_COUNT ?= 1

# For how long uses are reported without a pause when the program is measured, such as 10m; 0 leaves that out.
FLOOD ?= 0s
FUZZ_TIME ?= 1m

.PHONY: help
help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

.PHONY: build
build: ## Build ./bin/collateral, without cgo
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/collateral .

# A target and not a recipe line: make expands a whole recipe, $(RACE) included, before it runs the first line.
.PHONY: set-up
set-up:
	@scripts/test-setup

.PHONY: pdfium
pdfium: ## Fetch PDFium (by npm) to where the program finds it: with it, pages of PDFs are shown as pictures
	scripts/fetch-pdfium

.PHONY: test
test: set-up ## Run every test with the race detector, on SQLite and on a throw-away PostgreSQL; installs what is missing
	CGO_ENABLED=1 go vet $(RACE) ./...
	CGO_ENABLED=1 scripts/test-postgres go test $(RACE) -vet=off -shuffle=on -count=1 -timeout $(TEST_TIMEOUT) ./...

.PHONY: quick
quick: ## Run the tests that need only Go, as "go test ./..." does
	go test ./...

.PHONY: lint
lint: $(GOLANGCI_LINT) ## Check style, likely faults, formatting, and that generated code is up to date
	$(GOLANGCI_LINT) run
	scripts/check-generated

.PHONY: bench
bench: set-up ## Measure the program and keep the figures in docs/benchmarks.md (BENCH=regexp measures some lines and keeps nothing; FLOOD=10m reports uses for that long)
	@TEST_POSTGRES_DURABLE=1 scripts/test-postgres go run ./internal/bench -run '$(BENCH)' -flood '$(FLOOD)' -keep docs/benchmarks.md

.PHONY: bench-parts
bench-parts: set-up ## Run the Go benchmarks of single parts (BENCH=regexp, BENCH_COUNT=1)
	@packages=$$(grep -rlE --include='*_test.go' '^func Benchmark' . | xargs -r -n1 dirname | sort -u); \
	scripts/test-postgres go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(BENCH_COUNT) -p 1 -timeout 1h $$packages | \
		grep -vE '^(goos|goarch|PASS)'

.PHONY: soak
soak: set-up ## Run what takes long: the tests with SOAK=1 (200 rounds of killing the server), then every fuzz target (FUZZ_TIME=1m)
	SOAK=1 CGO_ENABLED=1 scripts/test-postgres go test $(RACE) -shuffle=on -count=1 -timeout 4h ./...
	scripts/fuzz $(FUZZ_TIME)

.PHONY: screens
screens: set-up ## Keep what every page looks like, on a laptop and on a phone, in docs/screens
	SCREENS=$(CURDIR)/docs/screens go test -count=1 -run '^(TestPages|TestMakingTheFirstAdmin)$$' ./internal/web/browsertest

.PHONY: generate
generate: ## Generate code from openapi.yaml
	go generate ./...

# By its own module graph, not ours: a linter's dependencies are none of the program's.
$(GOLANGCI_LINT):
	GOBIN=$(CURDIR)/.cache/bin GOFLAGS= go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	mv .cache/bin/golangci-lint $@
