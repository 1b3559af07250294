# The verbs of the project. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.made
N ?= 100000
SEED ?= 1
BENCH_ARGS ?=
T ?= 600
FUZZ := cargo +nightly fuzz
CRATE := --quiet --locked --manifest-path rust/Cargo.toml

.PHONY: help demo test check format theories views calibrate degrade fuzz fuzz-kernel agree bench clean .venv tools packages

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z.-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv ## diagnose the example network: no root, no packages, one command
	@echo 'bothways diagnose examples/campus'
	@echo '(the evidence of a site that times out from one campus; exit status 1 says that a fault was found)'
	@echo
	@status=0; $(BIN)/bothways diagnose examples/campus || status=$$?; \
	if [ $$status -ne 1 ]; then echo "make demo: expected exit status 1, a fault, and got $$status" >&2; exit 1; fi

test: packages .venv ## run all tests that this machine can run, and say which were not run
	@$(BIN)/pytest

check: .venv ## run every check that reads the code: style, types, the import law, spelling, the kernel's own tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/stubtest --concise bothways.captures._kernel
	$(BIN)/codespell
	@if cargo fmt --version >/dev/null 2>&1; \
	then echo cargo fmt; cargo fmt --check --manifest-path rust/Cargo.toml; \
	else echo 'cargo fmt: not run, rustfmt is not installed'; fi
	@if cargo clippy --version >/dev/null 2>&1; \
	then echo cargo clippy; cargo clippy $(CRATE) --all-targets --features python -- -D warnings; \
	else echo 'cargo clippy: not run, clippy is not installed'; fi
	cargo test $(CRATE)

format: .venv ## put all code into its one form
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format
	cargo fmt --manifest-path rust/Cargo.toml

views: .venv ## write docs/views.md (every case from every view) and the page that README shows, and print the former
	$(BIN)/python tools/views.py --write
	$(BIN)/python tools/readme.py
	@cat docs/views.md

theories: .venv ## write docs/theories: a page per cause, from what the causes' own files say
	$(BIN)/python tools/theories.py

calibrate: .venv ## draw runs of the lab by the priors (as root; many minutes), judge them, and write docs/calibration.md
	$(BIN)/python tools/calibrate.py --write

degrade: .venv ## judge every case under every degradation from every view (twenty minutes of a core), and write docs/degradations.md
	$(BIN)/python tools/degrade.py --write

fuzz: .venv ## read and judge N damaged inputs from number SEED on; what is wrong is kept in fuzz-findings
	$(BIN)/python tools/fuzz.py --count $(N) --seed $(SEED)

fuzz-kernel: .venv ## damage captures for each of the kernel's readers, T seconds long, by what of its code they reach
	@$(FUZZ) --version >/dev/null 2>&1 \
	|| { echo 'cargo fuzz was not found: rustup toolchain install nightly, and cargo install cargo-fuzz' >&2; exit 1; }
	@$(BIN)/python tools/fuzz_seeds.py rust/fuzz/seeds
	@for target in $$($(FUZZ) list --fuzz-dir rust/fuzz); do \
		mkdir -p rust/fuzz/corpus/$$target; echo "$$target, for $(T) seconds"; \
		$(FUZZ) run --fuzz-dir rust/fuzz $$target rust/fuzz/corpus/$$target rust/fuzz/seeds -- \
			-max_total_time=$(T) -timeout=20 -rss_limit_mb=1500 -max_len=16384 -verbosity=0 -print_final_stats=1; \
	done

bench: .venv ## time the reading of large captures beside other tools (7 GB of disk, half an hour; BENCH_ARGS=--help tells what else)
	$(BIN)/python -m bench.large $(BENCH_ARGS)

agree: .venv ## read N damaged captures from number SEED on with both readers, the native kernel and plain Python
	$(BIN)/python tools/agree.py --count $(N) --seed $(SEED)

clean: ## remove everything that was made
	rm -rf .venv rust/target rust/fuzz/target rust/fuzz/corpus rust/fuzz/seeds rust/fuzz/artifacts build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -f src/bothways/captures/_kernel*.so
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv: $(STAMP)

# A stamp inside, written last: an install that broke off must not look finished.
$(STAMP): pyproject.toml rust/Cargo.toml rust/Cargo.lock $(shell find rust/src -type f) | tools
	@echo 'Setting up .venv (the kernel is compiled; a minute the first time)'
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input -e '.[dev]'
	@touch $@

tools:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	|| { echo 'bothways needs Python 3.11 or newer as "$(PYTHON)": install python3 (or say make PYTHON=python3.12)' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	|| { echo 'Python lacks the module "venv": install python3-venv' >&2; exit 1; }
	@cargo --version >/dev/null 2>&1 \
	|| { echo 'cargo was not found: install a Rust toolchain, 1.85 or newer (rustup, or the packages rustc and cargo)' >&2; exit 1; }
	@command -v cc >/dev/null \
	|| { echo 'cc was not found, and Rust links with it: install gcc' >&2; exit 1; }

# Never asks for privileges: without them it says what is missing, and the tests that need it are not run.
packages:
	@missing=$$(sed 's/#.*//' packages.txt | xargs -r -n 1 sh -c \
		'dpkg-query -W -f "\$${db:Status-Status}" "$$0" 2>/dev/null | grep -qx installed || echo "$$0"'); \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then \
		echo "make test: without" $$missing "(packages.txt) some tests will not be run" >&2; exit 0; fi; \
	echo "Installing" $$missing; \
	{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $$missing >/dev/null; } \
	|| echo "make test: could not install" $$missing "; some tests will not be run" >&2
